"""Servers and buckets as they are typed, and the delivery to them: ``s3://bucket/shop``, ``sftp://user@host/shop``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packshot.delivery.delivering import deliver
from packshot.delivery.direct.remote_files import BucketFiles, RemoteFiles
from packshot.delivery.direct.remote_place import RemotePlace
from packshot.delivery.direct.roll_back_file import Before, RollBackFile
from packshot.delivery.direct.settings import DeliverySettings
from packshot.delivery.log import DeliveryLog, Step
from packshot.delivery.outcome import Delivered
from packshot.delivery.places import Place
from packshot.delivery.target import Target, TargetKind
from packshot.delivery.wishes import Wishes
from packshot.errors import DeliveryError, UsageError
from packshot.storage.objects import ObjectUri, open_folder
from packshot.storage.times import utc_now

__all__ = ["RemoteDelivery", "RemoteTarget", "is_remote", "open_files", "restore_file"]

_BUCKETS = ("s3", "gs", "az")


def is_remote(text: str) -> bool:
    """Whether a target is a server or bucket."""
    return text.partition("://")[0] in (*_BUCKETS, "sftp")


@dataclass(frozen=True, slots=True)
class RemoteTarget(Target):
    """A server or bucket, laid out as a folder is.

    Attributes:
        uri: as it is typed, without a key.
        files: its place.
    """

    uri: str
    files: Place

    @property
    def name(self) -> str:
        """What the log calls it."""
        return self.uri

    def where(self, name: str) -> str:
        """A file there."""
        return f"{self.uri}/{name}"

    def place(self) -> Place:
        """Its place."""
        return self.files

    def require(self, out: Path, folders: Sequence[str]) -> None:
        """Nothing: it is not on this machine."""


def open_files(uri: str, settings: DeliverySettings) -> RemoteFiles:
    """The files of a server or bucket.

    Raises:
        UsageError: the address is none, a key stands in it, there is none, or the extra is not installed.
        PackshotError: it cannot be reached.
    """
    if uri.startswith("sftp://"):
        from packshot.delivery.direct.sftp import SftpFiles  # noqa: PLC0415  # needs the extra

        return SftpFiles(uri, settings)
    parsed = ObjectUri.parse(uri)
    if "@" in parsed.bucket or ":" in parsed.bucket:
        raise UsageError(
            f"--to {parsed.scheme}://...: a key does not belong into a command, where others may read it",
            remedy="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_ENDPOINT_URL for another service",
        )
    return BucketFiles(open_folder(parsed, retry_s=settings.timeout_s))


class RemoteDelivery:
    """A delivery of a run's pictures to a server or bucket, within ``with``; iterating carries it out.

    Args:
        out: the run's folder.
        uri: of the place.
        wishes: what goes out, and how.
        settings: how patiently it is asked.

    Attributes:
        total: None: how many pictures go out is not known before.
        roll_back: the file that undoes what was changed; None where nothing was.
    """

    total = None

    def __init__(self, out: Path, uri: str, wishes: Wishes, settings: DeliverySettings | None = None) -> None:
        self._out, self._wishes = out, wishes
        self._uri = uri.rstrip("/")
        self._files = open_files(self._uri, settings or DeliverySettings())
        self._before = RollBackFile(out / "delivery" / "roll-back", self._uri)
        self.roll_back: Path | None = None

    def __enter__(self) -> RemoteDelivery:
        return self

    def __exit__(self, *error: object) -> None:
        self._before.close()
        self._files.close()

    def __iter__(self) -> Iterator[Delivered]:
        """What became of each picture, as `packshot.delivery.deliver` says it."""
        place = RemotePlace(self._files, self._before, self._out / "delivery" / "gone")
        target = RemoteTarget(TargetKind.FOLDER, Path(), self._uri, place)
        try:
            yield from deliver(self._out, target, self._wishes)
            if not self._wishes.dry_run:
                self._before.finish()
        finally:
            self.roll_back = None if self._wishes.dry_run else self._before.written


def restore_file(
    uri: str, before: Before, out: Path, files: RemoteFiles, begin: Callable[[], object], *, dry_run: bool
) -> bool:
    """Let a file hold again what it held; what somebody else put there meanwhile is left.

    Args:
        uri: of the place.
        before: path of the file, and the copy of what it held.
        out: the run's folder.
        files: of the place.
        begin: is called before it is changed.
        dry_run: whether nothing is changed.

    Returns:
        Whether it held something else.

    Raises:
        DeliveryError: it was changed there by somebody else, or the copy is gone.
    """
    name = before.product
    log = DeliveryLog(out / "delivery" / "journal.jsonl", uri)
    there = files.read(name)
    sha256 = None if there is None else hashlib.sha256(there).hexdigest()
    kept = before.pictures[0][0] if before.pictures else None
    if sha256 == (None if kept is None else kept.partition(".")[0]):
        return False
    if sha256 is not None and sha256 not in log.ours.get(name, ()):
        raise DeliveryError(f"{uri}/{name} was changed there and is left", remedy="see who changed it")
    if dry_run:
        return True
    begin()
    if kept is None:
        files.delete(name)
    else:
        try:
            data = (out / "delivery" / "gone" / kept).read_bytes()
        except OSError:
            raise DeliveryError(f"{kept} is gone from {out}/delivery/gone", remedy="restore a backup") from None
        files.write(name, data)
        if files.read(name) != data:
            raise DeliveryError(f"{uri}/{name} was read back as something else", remedy="roll back again")
    line = log.sent.get(name) or log.begun.get(name)
    if line is not None:
        with log:
            log.add([line.model_copy(update={"step": Step.GONE, "at": utc_now()})])
    return True
