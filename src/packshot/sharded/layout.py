"""Where a run in shards keeps what: one place for each name below the output folder."""

from __future__ import annotations

from packshot.storage.lock import STATE_FOLDER

__all__ = [
    "DUPLICATES",
    "LEASE",
    "PARTS",
    "PLAN",
    "RETRIES",
    "ROWS",
    "SHARDS",
    "generation_of",
    "part_path",
    "shard_name",
    "shard_path",
]

PLAN = f"{STATE_FOLDER}/plan.json"
LEASE = f"{STATE_FOLDER}/driver.json"
SHARDS = f"{STATE_FOLDER}/shards"
ROWS = f"{STATE_FOLDER}/rows"
PARTS = f"{STATE_FOLDER}/parts"
RETRIES = f"{STATE_FOLDER}/retries"
DUPLICATES = f"{STATE_FOLDER}/duplicates"


def shard_name(generation: int, number: int) -> str:
    """A shard's name; the order of names is that of generations, then of photos.

    Example:
        >>> shard_name(1, 12)
        '0001-00000012'
    """
    return f"{generation:04}-{number:08}"


def generation_of(name: str) -> int:
    """The generation of a shard.

    Example:
        >>> generation_of(shard_name(3, 12))
        3
    """
    return int(name.partition("-")[0])


def shard_path(folder: str, name: str) -> str:
    """The object of a shard in one of the folders."""
    return f"{folder}/{name}.jsonl"


def part_path(name: str, number: int) -> str:
    """The object of some rows of a shard that is not finished."""
    return f"{PARTS}/{name}/{number:06}.jsonl"
