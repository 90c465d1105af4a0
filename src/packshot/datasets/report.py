"""What a check of the data found, readable by people and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from packshot.datasets.items import Split
from packshot.errors import UsageError

__all__ = ["DataReport", "Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be.

    Attributes:
        severity: an ``error`` makes training or its report meaningless; a ``warning`` is for a person to judge.
        code: stable name, such as ``broken-file``.
        message: what was found, where.
        remedy: the way out.
        count: how many pictures or pairs it is about.
        files: the pictures, at most 20.
    """

    severity: Literal["error", "warning"]
    code: str
    message: str
    remedy: str
    count: int = 1
    files: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.severity}: {self.message}: {self.remedy}"


@dataclass(frozen=True, slots=True)
class DataReport:
    """The state of a data set.

    Attributes:
        task: what it was checked for.
        counts: pictures by class and split; the classes are the sources where the task is segmentation.
        findings: errors first.
    """

    task: str
    counts: Mapping[str, Mapping[Split, int]]
    findings: tuple[Finding, ...]

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        findings = [asdict(finding) for finding in self.findings]
        return {"task": self.task, "ok": not self.errors, "counts": self.counts, "findings": findings}

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be mended."""
        return tuple(f for f in self.findings if f.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What should be looked at."""
        return tuple(f for f in self.findings if f.severity == "warning")

    def raise_for_errors(self) -> None:
        """Stop where there are errors.

        Raises:
            UsageError: with the first error, and how many more there are.
        """
        if self.errors:
            first, more = self.errors[0], len(self.errors) - 1
            rest = f" (and {more} more: packshot data shows them)" if more else ""
            raise UsageError(first.message + rest, remedy=first.remedy)

    def __str__(self) -> str:
        head = "class" if self.task == "classification" else "source"
        width = max(map(len, (head, "all", *self.counts)))
        lines = [f"{head:{width}}  " + "  ".join(f"{split.value:>10}" for split in Split)]
        total: Counter[Split] = Counter()
        for name, row in self.counts.items():
            lines.append(_line(name, row, width))
            total.update(row)
        lines += [_line("all", total, width), ""]
        return "\n".join([*lines, *map(str, self.findings or ["nothing wrong was found"])])


def _line(name: str, row: Mapping[Split, int], width: int) -> str:
    return f"{name:{width}}  " + "  ".join(f"{row.get(split, 0):10}" for split in Split)
