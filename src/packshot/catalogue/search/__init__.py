"""Search: the items nearest to a photo's embedding, and an honest "no match"."""

from packshot.catalogue.search.average import average
from packshot.catalogue.search.kinds import of_one_kind
from packshot.catalogue.search.match_rule import read_match_rule, write_match_rule
from packshot.catalogue.search.products import SKU, ProductHit, by_product
from packshot.catalogue.search.reranking import CATEGORY_SHARE, reranked
from packshot.catalogue.search.rivals import RIVALS, match_score
from packshot.catalogue.search.search import SearchResult, search

__all__ = [
    "CATEGORY_SHARE",
    "RIVALS",
    "SKU",
    "ProductHit",
    "SearchResult",
    "average",
    "by_product",
    "match_score",
    "of_one_kind",
    "read_match_rule",
    "reranked",
    "search",
    "write_match_rule",
]
