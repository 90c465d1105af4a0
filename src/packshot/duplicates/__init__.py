"""Duplicates: the same photo saved again, scaled, cropped, mirrored, relit or on another ground; nothing is deleted."""

from packshot.duplicates.groups import Group, Member, gather
from packshot.duplicates.known import Embed, Found, Known
from packshot.duplicates.match import DUPLICATE, Kind, Match, match_prints
from packshot.duplicates.prints import Print, pixel_hash, take_print
from packshot.duplicates.search import find_duplicates, find_pairs
from packshot.duplicates.sheet import Tile, contact_sheet

__all__ = [
    "DUPLICATE",
    "Embed",
    "Found",
    "Group",
    "Kind",
    "Known",
    "Match",
    "Member",
    "Print",
    "Tile",
    "contact_sheet",
    "find_duplicates",
    "find_pairs",
    "gather",
    "match_prints",
    "pixel_hash",
    "take_print",
]
