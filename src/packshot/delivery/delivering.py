"""One delivery: what goes out is compared with what was delivered before, brought there, read back and logged."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from packshot.batch.naming import clean_part
from packshot.delivery.documents import documents, refusals
from packshot.delivery.item import Item
from packshot.delivery.lock import delivery_lock
from packshot.delivery.log import DeliveryLog, LogLine, Step
from packshot.delivery.outcome import Change, Delivered
from packshot.delivery.outgoing import outgoing
from packshot.delivery.places import Wanted
from packshot.delivery.selection import channels_of, only_channel, records_of
from packshot.delivery.target import Target, TargetKind
from packshot.delivery.wishes import Wishes
from packshot.errors import OutputError, PackshotError, UsageError
from packshot.storage.times import utc_now

__all__ = ["deliver"]

_FOLDER = "delivery"


def deliver(out: Path, target: Target, wishes: Wishes) -> Iterator[Delivered]:
    """Bring a run's pictures to a target; only what changed is written.

    A killed delivery is finished by the next one, which writes nothing twice.

    Args:
        out: the run's folder.
        target: where they go.
        wishes: what goes out, and how.

    Yields:
        What became of each picture; those that stay behind first, with the reason.

    Raises:
        UsageError: no such run or channel, or something else lies at the target.
        OutputError: it cannot be written, or another delivery of this run goes on.
    """
    records = records_of(out)
    channels = channels_of(records, wishes.channels)
    if not target.holds_pictures:
        channels = only_channel(target.kind.value, channels)
        wishes.addresses.require()
    target.require(out, [clean_part(channel) for channel in channels])
    with contextlib.nullcontext() if wishes.dry_run else delivery_lock(out).hold():
        items: list[Item] = []
        for one in outgoing(out, records, channels, wishes):
            if isinstance(one, Item):
                items.append(one)
            else:
                yield one
        refused = refusals(target, items, wishes.addresses)
        for item in items:
            if item.sku in refused:
                held = item.outcome(Change.HELD, url=wishes.addresses.of(item), error=refused[item.sku])
                yield replace(held, reasons=(refused[item.sku].message,))
        items = [item for item in items if item.sku not in refused]
        delivery = _Delivery(out, target, wishes, items, channels)
        yield from delivery.difference() if wishes.dry_run else delivery.carried_out()


class _Delivery:
    """A delivery whose pictures are known."""

    def __init__(
        self, out: Path, target: Target, wishes: Wishes, items: Sequence[Item], channels: Sequence[str]
    ) -> None:
        self._out, self._target, self._wishes = out, target, wishes
        self._items = {item.place: item for item in items}
        self._log = DeliveryLog(out / _FOLDER / "journal.jsonl", target.name)
        self._place = target.place()
        self._documents = documents(target, items, channels, wishes.addresses)
        pictures = [Wanted(item.place, item.sha256, item.picture) for item in items] if target.holds_pictures else []
        # Tables come last: they name nothing that is not there yet.
        wanted = [*pictures, *self._documents]
        known = set(self._log.ours) if target.holds_pictures else set()
        self._found = self._place.found({file.name for file in wanted} | known)
        begun = {place: line for place, line in self._log.begun.items() if place in self._found}
        # Of a folder, a channel that was not asked for this time stays as it is; all else is written whole.
        self._gone = [
            line
            for place, line in {**begun, **self._log.sent}.items()
            if place not in self._items and (line.channel in channels or target.kind is not TargetKind.FOLDER)
        ]
        self._foreign = self._foreign_files(wanted)
        self._wanted = {file.name: file for file in wanted if file.name not in self._foreign}
        self._changes = {place: self._change(item) for place, item in self._items.items()}

    def difference(self) -> Iterator[Delivered]:
        """What would be done."""
        for item in self._items.values():
            yield self._outcome(item, self._foreign.get(item.place))
        for line in self._gone:
            yield self._gone_outcome(line)

    def carried_out(self) -> Iterator[Delivered]:
        """Do it."""
        with self._log:
            self._log.add(
                self._line(Step.SENDING, self._items.get(file.name, file))
                for file in self._wanted.values()
                if self._found.get(file.name) != file.sha256
            )
            for place, error in self._foreign.items():
                yield self._outcome(self._items[place], error)
            for name, sha256 in self._place.bring(list(self._wanted.values()), self._found):
                misread = None if sha256 == self._wanted[name].sha256 else _misread(name)
                if name in self._items:
                    yield self._sent(self._items[name], misread)
                elif misread is not None:
                    raise misread
            if not self._target.holds_pictures:
                for item in self._items.values():
                    yield self._sent(item, None)
            for line in self._gone:
                outcome = self._gone_outcome(line)
                if outcome.error is None and line.place in self._found:
                    kept = f"{self._found[line.place]}{PurePosixPath(line.place).suffix}"
                    self._place.take(line.place, self._out / _FOLDER / "gone" / kept)
                self._log.add([line.model_copy(update={"step": Step.GONE, "at": utc_now()})])
                yield outcome

    def _sent(self, item: Item, error: PackshotError | None) -> Delivered:
        if error is None and self._changes[item.place] is not Change.SAME:
            self._log.add([self._line(Step.SENT, item)], sync=False)
        return self._outcome(item, error)

    def _line(self, step: Step, what: Wanted | Item) -> LogLine:
        if isinstance(what, Wanted):
            return LogLine(at=utc_now(), target=self._target.name, step=step, place=what.name, sha256=what.sha256)
        return LogLine(
            at=utc_now(),
            target=self._target.name,
            step=step,
            place=what.place,
            sha256=what.sha256,
            said=self._said(what),
            source=what.source,
            sku=what.sku,
            channel=what.channel,
            file=what.file,
        )

    def _said(self, item: Item) -> str:
        """What goes out beside the pixels; in a feed the addresses, too."""
        url, link = self._wishes.addresses.of(item), self._wishes.addresses.link
        return item.said if self._target.holds_pictures else " ".join((item.said, url or "", link or ""))

    def _outcome(self, item: Item, error: PackshotError | None) -> Delivered:
        return item.outcome(self._changes[item.place], url=self._wishes.addresses.of(item), error=error)

    def _gone_outcome(self, line: LogLine) -> Delivered:
        there = self._found.get(line.place)
        altered = there is not None and there not in self._log.ours[line.place]
        return Delivered(
            source=line.source or "",
            sku=line.sku,
            channel=line.channel or "",
            file=line.file,
            status=Change.GONE,
            sha256=line.sha256,
            error=UsageError(f"{line.place} was changed there and is left", remedy="remove it") if altered else None,
        )

    def _change(self, item: Item) -> Change:
        """How a picture stands to what was delivered before, and is still there."""
        before = self._log.sent.get(item.place)
        lost = self._target.holds_pictures and item.place not in self._found
        lost = lost or (not self._target.holds_pictures and self._documents[0].name not in self._found)
        if before is None or lost:
            return Change.NEW
        return Change.SAME if (before.sha256, before.said) == (item.sha256, self._said(item)) else Change.CHANGED

    def _foreign_files(self, wanted: Sequence[Wanted]) -> dict[str, PackshotError]:
        """Files at the target that are not what was ever delivered there.

        Raises:
            UsageError: one of them is a table, a feed or the ZIP.
        """
        found: dict[str, PackshotError] = {}
        for file in wanted:
            there = self._found.get(file.name)
            if there is None or there == file.sha256 or there in self._log.ours.get(file.name, ()):
                continue
            where = self._target.where(file.name)
            error = UsageError(
                f"{where} exists and is not what was delivered", remedy="move it away, or name another place with --to"
            )
            if file.name not in self._items or self._target.kind is TargetKind.ZIP:
                raise error
            found[file.name] = error
        return found


def _misread(place: str) -> OutputError:
    return OutputError(
        f"{place} was read back as something else than was written", remedy="check the disk, then deliver again"
    )
