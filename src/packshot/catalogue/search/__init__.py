"""Search: the items nearest to a photo's embedding, and an honest "no match"."""

from packshot.catalogue.search.average import average
from packshot.catalogue.search.match_rule import read_match_rule, write_match_rule
from packshot.catalogue.search.reranking import reranked
from packshot.catalogue.search.search import Found, search
from packshot.catalogue.search.sheet import SheetCell, SheetRow, sheet_html, sheet_png

__all__ = [
    "Found",
    "SheetCell",
    "SheetRow",
    "average",
    "read_match_rule",
    "reranked",
    "search",
    "sheet_html",
    "sheet_png",
    "write_match_rule",
]
