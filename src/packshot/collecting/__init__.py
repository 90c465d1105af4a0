"""Product photos and their labels from a shop's own pages: politely, resumably, and never from inside a network.

`collect` runs a crawl (Scrapy, extra ``collect``) in a process of its own. Pages say what they sell in schema.org's
words (JSON-LD); the photos they name are checked as pictures, kept by their content, and listed in a manifest that
training takes.
"""

from packshot.collecting.job import Job
from packshot.collecting.process import collect, require_scrapy
from packshot.collecting.result import Collected, Happening

__all__ = ["Collected", "Happening", "Job", "collect", "require_scrapy"]
