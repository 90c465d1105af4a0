"""Duplicate photos: saved again, scaled, cropped, mirrored, relit or on another background. Nothing is deleted."""

from packshot.duplicates.fingerprint import Fingerprint, fingerprint_of, pixel_hash
from packshot.duplicates.fingerprint_file import fingerprint_bytes, read_fingerprint
from packshot.duplicates.group_row import GroupRow, copy_words, group_row, group_words
from packshot.duplicates.groups import Group, Member, group_duplicates
from packshot.duplicates.known_pictures import Embed, KnownDuplicate, KnownPictures
from packshot.duplicates.match import DUPLICATE, CopyKind, PairMatch, match_fingerprints
from packshot.duplicates.search import find_duplicates, find_pairs
from packshot.duplicates.sketch import Sketch

__all__ = [
    "DUPLICATE",
    "CopyKind",
    "Embed",
    "Fingerprint",
    "Group",
    "GroupRow",
    "KnownDuplicate",
    "KnownPictures",
    "Member",
    "PairMatch",
    "Sketch",
    "copy_words",
    "find_duplicates",
    "find_pairs",
    "fingerprint_bytes",
    "fingerprint_of",
    "group_duplicates",
    "group_row",
    "group_words",
    "match_fingerprints",
    "pixel_hash",
    "read_fingerprint",
]
