"""Check labelled pictures before hours are spent on them: broken files, wrong masks, leaks between splits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations

from packshot.counting import counted
from packshot.datasets.fingerprints import Fingerprint, fingerprint, look_alikes
from packshot.datasets.items import Item, MaskKind, Split
from packshot.datasets.layouts import Task
from packshot.datasets.report import DataReport, Finding
from packshot.errors import PackshotError
from packshot.machine import usable_cores

__all__ = ["check_items"]

_LEAK = "put them into one split, or give them one `group` and leave the splits to packshot"
_PUBLISHED_LEAK = "the split was published with the set; say so beside the score, or cross-validate by group (--folds)"


@dataclass(frozen=True, slots=True)
class _Decoded:
    """What one picture showed: its fingerprint, or why it has none; and what is odd about its mask."""

    seen: Fingerprint | None = None
    broken: PackshotError | None = None
    mask: str = ""


def check_items(
    items: Sequence[Item], task: Task, *, pictures: bool = True, progress: Callable[[], None] | None = None
) -> DataReport:
    """Check a list of labelled pictures.

    Every picture and mask is decoded once, on up to four cores, and forgotten again.

    Args:
        items: what `open_items` gave.
        task: what they are for.
        pictures: look into the files; without, only what the list itself says is checked, at once.
        progress: called after each picture.

    Returns:
        Counts and findings; it raises nothing for what it finds.
    """
    findings = [*_check_splits(items), *_check_groups(items)]
    if task == "classification":
        findings += _check_classes(items)
    if pictures:
        decoded = list(_decode_all(items, task, progress))
        findings += _check_files(items, decoded)
        findings += _check_copies(items, decoded)
    counts: dict[str, Counter[Split]] = defaultdict(Counter)
    for item in items:
        counts[(item.label or "") if task == "classification" else item.label or item.source][item.split] += 1
    ordered = {name: dict(counts[name]) for name in sorted(counts)}
    return DataReport(task, ordered, tuple(sorted(findings, key=lambda f: f.severity)))


def _decode_all(items: Sequence[Item], task: Task, progress: Callable[[], None] | None) -> Iterator[_Decoded]:
    with ThreadPoolExecutor(min(4, usable_cores())) as pool:
        for each in pool.map(lambda item: _decode(item, task), items):
            if progress:
                progress()
            yield each


def _decode(item: Item, task: Task) -> _Decoded:
    try:
        rgb = item.rgb()
        item.box_of(rgb)
        seen = fingerprint(rgb)
        if task == "frame":
            item.box_of(rgb)  # names a box that reaches out of its photo
        if task != "segmentation":
            return _Decoded(seen)
        alpha = item.alpha_of(rgb)
    except PackshotError as error:
        return _Decoded(broken=error)
    highest = float(alpha.max())
    if 0 < highest <= 2 / 255 and item.kind is MaskKind.ALPHA:
        return _Decoded(seen, mask="faint")
    return _Decoded(seen, mask="empty" if highest < 0.5 else "full" if float(alpha.min()) >= 0.5 else "")


def _check_splits(items: Sequence[Item]) -> Iterator[Finding]:
    splits = Counter(item.split for item in items)
    for split, why in ((Split.TRAIN, "nothing to learn from"), (Split.VALIDATION, "nothing to choose the best by")):
        if not splits[split]:
            yield Finding(
                "error",
                "empty-split",
                f"no {split.value} pictures: {why}",
                "bring more pictures, or correct the splits",
                0,
            )
    if not splits[Split.HOLDOUT]:
        message = "no holdout pictures: there will be no honest report on photos that nothing was chosen by"
        yield Finding("warning", "no-holdout", message, "keep a tenth of the pictures back, split `holdout`", 0)


def _check_groups(items: Sequence[Item]) -> Iterator[Finding]:
    members: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.group:
            members[item.source, item.group].append(item)
    torn = {key: group for key, group in members.items() if len({item.split for item in group}) > 1}
    for published in (False, True):
        found = {key: group for key, group in torn.items() if all(i.published for i in group) is published}
        if found:
            (_, name), group = next(iter(found.items()))
            splits = ", ".join(split.value for split in Split if split in {item.split for item in group})
            message = f"{counted(len(found), 'group is', 'groups are')} torn between splits, first {name!r} ({splits})"
            yield _leak("group-in-two-splits", message, published, len(found), [i for g in found.values() for i in g])


def _check_classes(items: Sequence[Item]) -> Iterator[Finding]:
    labels = Counter(item.label for item in items)
    if len(labels) < 2:
        message = f"only one class, {next(iter(labels), None)!r}"
        yield Finding("error", "one-class", message, "classification needs two classes or more", len(items))
        return
    for split in (Split.TRAIN, Split.VALIDATION):
        mine = {item.label for item in items if item.split is split}
        unseen = sorted(str(label) for label in labels.keys() - mine)
        if unseen and mine:
            message = (
                f"{counted(len(unseen), 'class has', 'classes have')} no {split.value} pictures, first {unseen[0]!r}"
            )
            severe = split is Split.TRAIN
            remedy = "bring more pictures of them, or leave the classes out"
            yield Finding("error" if severe else "warning", "class-without-pictures", message, remedy, len(unseen))


def _check_files(items: Sequence[Item], decoded: Sequence[_Decoded]) -> Iterator[Finding]:
    broken = [(item, each.broken) for item, each in zip(items, decoded, strict=True) if each.broken]
    for item, error in broken[:20]:
        yield Finding("error", "broken-file", error.message, error.remedy, 1, (str(item.photo),))
    if len(broken) > 20:
        message = f"{counted(len(broken) - 20, 'more picture or mask', 'more pictures or masks')} cannot be used"
        yield Finding("error", "broken-file", message, "mend the first and check again", len(broken) - 20)
    for oddity, severe, words, remedy in (
        (
            "faint",
            True,
            "masks hold only 0, 1 and 2 of 255",
            "they are labels: say kind `labels` in a CSV, or times 255",
        ),
        ("empty", False, "masks are empty", "draw them, or leave these pictures out if they do show a product"),
        ("full", False, "masks cover the whole picture", "check that they are masks, and not photos"),
    ):
        found = [item for item, each in zip(items, decoded, strict=True) if each.mask == oddity]
        if found:
            message = f"{len(found)} {words}, first {found[0].mask or found[0].photo}"
            yield Finding(
                "error" if severe else "warning", f"{oddity}-mask", message, remedy, len(found), _names(found)
            )


def _check_copies(items: Sequence[Item], decoded: Sequence[_Decoded]) -> Iterator[Finding]:
    seen = [(item, each.seen) for item, each in zip(items, decoded, strict=True) if each.seen]
    same: dict[bytes, list[Item]] = defaultdict(list)
    for item, print_ in sorted(seen, key=lambda pair: list(Split).index(pair[0].split)):
        same[print_.pixels].append(item)
    copies = [group for group in same.values() if len({item.photo for item in group}) > 1]
    for published in (False, True):
        leaks = [g for g in copies if len({i.split for i in g}) > 1 and all(i.published for i in g) is published]
        if leaks:
            message = (
                f"{counted(len(leaks), 'picture is', 'pictures are')} in two splits, pixel for pixel, "
                f"first {_pair(leaks[0][0], leaks[0][-1])}"
            )
            yield _leak("copy-in-two-splits", message, published, len(leaks), [i for g in leaks for i in g])
    inside = [g for g in copies if len({i.split for i in g}) == 1]
    if inside:
        first = _pair(inside[0][0], inside[0][-1])
        message = f"{counted(len(inside), 'picture is', 'pictures are')} there more than once, first {first}"
        files = _names(i for g in inside for i in g)
        yield Finding("warning", "copy", message, "keep one of each; copies weigh double", len(inside), files)
    alike = list(_look_alikes(seen))
    if alike:
        look = "looks" if len(alike) == 1 else "look"
        pairs = counted(len(alike), "pair")
        message = f"{pairs} of pictures in two splits {look} the same, first {_pair(*alike[0])}"
        files = _names(i for pair in alike for i in pair)
        yield Finding("warning", "look-alike-in-two-splits", message, _LEAK, len(alike), files)


def _look_alikes(seen: Sequence[tuple[Item, Fingerprint]]) -> Iterator[tuple[Item, Item]]:
    by_split = {split: [(i, p) for i, p in seen if i.split is split] for split in Split}
    for a, b in combinations(Split, 2):
        some, others = by_split[a], by_split[b]
        for i, j in look_alikes([p for _, p in some], [p for _, p in others]):
            if some[i][1].pixels != others[j][1].pixels:
                yield some[i][0], others[j][0]


def _leak(code: str, message: str, published: bool, count: int, items: Sequence[Item]) -> Finding:
    if published:
        return Finding("warning", code, message, _PUBLISHED_LEAK, count, _names(items))
    return Finding("error", code, message, _LEAK, count, _names(items))


def _names(items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(item.photo) for item in items))[:20]


def _pair(one: Item, other: Item) -> str:
    return f"{one.photo} ({one.split.value}) and {other.photo} ({other.split.value})"
