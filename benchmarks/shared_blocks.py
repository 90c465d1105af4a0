"""Blocks of six and more lines that stand twice: copies of one concept, if they are more than signatures alike.

Command: ``python benchmarks/shared_blocks.py [FOLDER...]``, by default the package and the tests.

Blank lines, comments and imports do not count; six lines with fewer than 110 characters in all say too little.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINES, CHARACTERS = 6, 110


@dataclass(frozen=True, order=True)
class Place:
    """A line that counts: of a file, the how many-th one."""

    file: Path
    at: int


@dataclass(frozen=True)
class Block:
    """Equal lines at two places."""

    lines: int
    first: str
    second: str
    text: str


def shared_blocks(root: Path) -> list[Block]:
    """The blocks of a folder, the longest first."""
    files = {path: _lines(path) for path in sorted(root.rglob("*.py"))}
    places: dict[tuple[str, ...], list[Place]] = defaultdict(list)
    for path, lines in files.items():
        for at in range(len(lines) - LINES + 1):
            texts = tuple(text for _, text in lines[at : at + LINES])
            if sum(map(len, texts)) > CHARACTERS:
                places[texts].append(Place(path, at))
    pairs = {pair for found in places.values() for pair in combinations(found, 2)}
    return sorted(_blocks(files, pairs), key=lambda block: -block.lines)


def _blocks(files: dict[Path, list[tuple[int, str]]], pairs: set[tuple[Place, Place]]) -> Iterator[Block]:
    for one, two in sorted(pairs):
        if one.file == two.file and two.at - one.at < LINES:
            continue
        if (Place(one.file, one.at - 1), Place(two.file, two.at - 1)) in pairs:
            continue  # goes on from the line before
        length = LINES
        while (Place(one.file, one.at + length - LINES + 1), Place(two.file, two.at + length - LINES + 1)) in pairs:
            length += 1
        first, second = (f"{each.file.relative_to(ROOT)}:{files[each.file][each.at][0]}" for each in (one, two))
        yield Block(length, first, second, files[one.file][one.at][1])


def _lines(path: Path) -> list[tuple[int, str]]:
    """Number and text of the lines that count."""
    numbered = enumerate(map(str.strip, path.read_text(encoding="utf-8").splitlines()), start=1)
    return [(number, text) for number, text in numbered if text and not text.startswith(("import ", "from ", "#"))]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT / "src" / "packshot", ROOT / "tests"])
    for folder in parser.parse_args().folders:
        found = shared_blocks(folder.resolve())
        print(f"{folder.name}: {len(found)}")
        for block in found:
            print(f"  {block.lines}  {block.first}  {block.second}  | {block.text[:60]}")


if __name__ == "__main__":
    main()
