"""Photos by word, so that a page finds one among millions: sorted rows in small blocks, and a directory of them.

Sorted on disk: memory holds some rows, whatever the number of photos.
"""

from __future__ import annotations

import heapq
import itertools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from packshot.storage.objects import ObjectFolder
from packshot.web.paged_report import SEARCH, FoundPhoto, search_file, words_of

__all__ = ["SearchTable"]

_SCRIPT = "text/javascript"
_CUT = "\x1f"  # sorts before everything a word has


class SearchTable:
    """Takes photos, and writes the tables when all are there.

    Args:
        folder: the output folder.
        scratch: folder on this machine's disk.
        block: rows of a block.
        most: photos that are listed for one word; of more only the number is known.
        in_memory: rows in memory.
    """

    def __init__(
        self, folder: ObjectFolder, scratch: Path, *, block: int = 2000, most: int = 1000, in_memory: int = 100_000
    ) -> None:
        self._folder, self._scratch = folder, scratch
        self._block, self._most, self._in_memory = block, most, in_memory
        self._rows: list[str] = []
        self._sorted: list[Path] = []
        self._photos = 0
        # Words of many photos: how many had one after enough were kept.
        self._passed_over: Counter[str] = Counter()

    def add(self, photo: FoundPhoto) -> None:
        """One more photo."""
        self._photos += 1
        value = json.dumps([photo.name, photo.words, photo.address, photo.about])
        for word in set(words_of(f"{photo.name} {photo.about}")):
            if word in self._passed_over:
                self._passed_over[word] += 1
            else:
                self._rows.append(f"{word}{_CUT}{self._photos:09}{_CUT}{value}")
        if len(self._rows) >= self._in_memory:
            self._put_down()

    def finish(self) -> None:
        """Write the blocks, then their directory."""
        self._put_down()
        first: list[str] = []
        many: dict[str, int] = {}
        rows = (row for word, rows in self._by_word() for row in self._listed(word, rows, many))
        for number, block in enumerate(_batched(rows, self._block)):
            first.append(str(block[0][0]))
            self._write(str(number), block)
        self._write("directory", {"first": first, "many": many})

    def _listed(self, word: str, rows: Iterator[list[str]], many: dict[str, int]) -> Iterator[list[str]]:
        yield from itertools.islice(rows, self._most)
        over = sum(1 for _ in rows) + self._passed_over[word]
        if over:
            many[word] = self._most + over

    def _by_word(self) -> Iterator[tuple[str, Iterator[list[str]]]]:
        merged = heapq.merge(*map(_lines, self._sorted), key=_order)
        split = (row.split(_CUT, 2) for row in merged)
        for word, rows in itertools.groupby(split, key=lambda row: row[0]):
            yield word, ([word, *json.loads(value)] for _, _, value in rows)

    def _put_down(self) -> None:
        if not self._rows:
            return
        counts = Counter(row.partition(_CUT)[0] for row in self._rows)
        self._passed_over.update({word: 0 for word, number in counts.items() if number >= self._most})
        self._rows.sort(key=_order)
        path = self._scratch / f"words-{len(self._sorted):05}"
        path.write_text("\n".join(self._rows), encoding="utf-8")
        self._sorted.append(path)
        self._rows.clear()

    def _write(self, name: str, content: object) -> None:
        data = search_file(name, content).encode("ascii")
        self._folder.write(f"{SEARCH}/{name}.js", data, content_type=_SCRIPT)


def _order(row: str) -> bytes:
    """As JavaScript compares texts."""
    return row.encode("utf-16-be", "surrogatepass")


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.removesuffix("\n")


def _batched(rows: Iterator[list[str]], size: int) -> Iterator[Sequence[list[str]]]:
    while batch := list(itertools.islice(rows, size)):
        yield batch
