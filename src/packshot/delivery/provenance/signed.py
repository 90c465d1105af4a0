"""Signed copies of a run's pictures: each is signed once for what it says, so the next delivery finds it the same."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from packshot.delivery.item import Item
from packshot.delivery.provenance.signer import Signer
from packshot.delivery.provenance.statement import statement_of
from packshot.errors import PackshotError, UsageError
from packshot.limits import Limits
from packshot.photo import read_bytes
from packshot.photo.sniff import recognise
from packshot.records import Record
from packshot.storage.atomic import write_atomic
from packshot.storage.hashing import sha256_of_file

__all__ = ["SignedPictures"]

# By what a file is, whatever it is called: only the formats that hold credentials, and HEIF, which no run writes.
_MEDIA = {
    "AVIF": "image/avif",
    "GIF": "image/gif",
    "HEIF": "image/heic",
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "TIFF": "image/tiff",
    "WEBP": "image/webp",
}
_ANY_SIZE = Limits(max_file_megabytes=10_000)  # the run that read the photo had bounds


class SignedPictures:
    """Signed copies below a run's folder.

    Args:
        folder: where they are kept, ``OUT/delivery/signed``.
        signer: who signs.
        dry_run: whether only what is there is used, and nothing is signed.
    """

    def __init__(self, folder: Path, signer: Signer, *, dry_run: bool = False) -> None:
        self._folder, self._signer, self._dry_run = folder, signer, dry_run

    def __call__(self, item: Item) -> Item:
        """The item with its signed picture.

        Args:
            item: what goes out.

        Raises:
            UsageError: the photo is not where the run found it, or a format holds no credentials.
            OutputError: it cannot be signed.
        """
        record = item.record
        statement = statement_of(record, item.channel)
        name = hashlib.sha256(f"{item.sha256} {statement.key} {self._signer.key} {record.sha256}".encode()).hexdigest()
        path = self._folder / f"{name}{item.picture.suffix}"
        if not path.is_file():
            if self._dry_run:
                return item
            photo = _photo_of(record)
            data = item.picture.read_bytes()
            signed = self._signer.sign(
                data,
                media=_media(data, item.file),
                statement=statement,
                title=item.file,
                photo=photo,
                photo_media=_media(photo, record.source),
            )
            self._folder.mkdir(parents=True, exist_ok=True)
            write_atomic(path, signed)
        return replace(item, picture=path, sha256=sha256_of_file(path))


def _photo_of(record: Record) -> bytes:
    path = record.source
    remedy = "put the photo back where the run found it, or deliver without --certificate"
    try:
        data = read_bytes(path, limits=_ANY_SIZE)
    except PackshotError as error:
        raise UsageError(f"{path} is not there, and credentials hold its hash", remedy=remedy) from error
    if hashlib.sha256(data).hexdigest() != record.sha256:
        raise UsageError(f"{path} is another photo than the one the picture was made of", remedy=remedy)
    return data


def _media(data: bytes, name: str) -> str:
    found = recognise(data[:512])
    media = None if found is None else _MEDIA.get(found.format)
    if media is None:
        raise UsageError(f"{name}: its format holds no credentials", remedy=f"use one of {', '.join(sorted(_MEDIA))}")
    return media
