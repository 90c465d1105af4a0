"""The category tree as data: the one that ships, your own, and those of Google and Shopify."""

from packshot.description.taxonomy.category import Category
from packshot.description.taxonomy.file import load_taxonomy, read_taxonomy, taxonomy_text
from packshot.description.taxonomy.importing import Dialect, import_taxonomy
from packshot.description.taxonomy.tree import Taxonomy
from packshot.description.taxonomy.validation import find_problems

__all__ = [
    "Category",
    "Dialect",
    "Taxonomy",
    "find_problems",
    "import_taxonomy",
    "load_taxonomy",
    "read_taxonomy",
    "taxonomy_text",
]
