"""The category tree as data: the one that ships, your own, and those of Google and Shopify."""

from packshot.description.taxonomy.attributes import FIT, NOT_KNOWN, SEX, tree_attributes
from packshot.description.taxonomy.category import Category, folded
from packshot.description.taxonomy.file import load_taxonomy, parse_taxonomy, read_taxonomy, taxonomy_text
from packshot.description.taxonomy.importing import Dialect, import_taxonomy, taxonomy_of_paths
from packshot.description.taxonomy.mapping import Match, MatchedBy, map_taxonomy, unreached
from packshot.description.taxonomy.mapping_file import mapping_text, read_mapping
from packshot.description.taxonomy.opening import open_taxonomy
from packshot.description.taxonomy.tree import Taxonomy
from packshot.description.taxonomy.validation import find_problems

__all__ = [
    "FIT",
    "NOT_KNOWN",
    "SEX",
    "Category",
    "Dialect",
    "Match",
    "MatchedBy",
    "Taxonomy",
    "find_problems",
    "folded",
    "import_taxonomy",
    "load_taxonomy",
    "map_taxonomy",
    "mapping_text",
    "open_taxonomy",
    "parse_taxonomy",
    "read_mapping",
    "read_taxonomy",
    "taxonomy_of_paths",
    "taxonomy_text",
    "tree_attributes",
    "unreached",
]
