"""Where objects lie: ``s3://bucket/folder``, ``gs://``, ``az://``, ``file:///folder``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from packshot.errors import UsageError

__all__ = ["ObjectUri", "is_object_uri"]

SCHEMES = ("s3", "gs", "az", "file")


def is_object_uri(text: str) -> bool:
    """Whether a text is meant as the URI of objects, right or wrong.

    Example:
        >>> is_object_uri("s3://shop/photos"), is_object_uri("photos/a.jpg")
        (True, False)
    """
    return text.partition("://")[0] in SCHEMES and "://" in text


@dataclass(frozen=True, slots=True)
class ObjectUri:
    """A bucket and a path in it.

    Attributes:
        scheme: ``s3``, ``gs``, ``az`` or ``file``.
        bucket: its name (of ``az``, the container); empty for ``file``.
        path: below the bucket, without a slash at its ends; of ``file``, absolute. Characters stand for themselves:
            nothing is percent-encoded.
    """

    scheme: str
    bucket: str
    path: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """A URI as it was typed.

        Raises:
            UsageError: the scheme is unknown, or the bucket or the path is missing.

        Example:
            >>> ObjectUri.parse("s3://shop/photos/2026/")
            ObjectUri(scheme='s3', bucket='shop', path='photos/2026')
        """
        scheme, found, rest = text.partition("://")
        if not found or scheme not in SCHEMES:
            kinds = ", ".join(f"{each}://" for each in SCHEMES)
            raise UsageError(f"{text}: no URI of objects", remedy=f"begin it with {kinds}")
        if scheme == "file":
            if not rest.startswith("/"):
                raise UsageError(f"{text}: the path is not absolute", remedy=f"write file://{Path(rest).absolute()}")
            return cls(scheme, "", str(Path(rest)))
        bucket, _, path = rest.partition("/")
        if not bucket:
            raise UsageError(f"{text}: names no bucket", remedy=f"write {scheme}://BUCKET/FOLDER")
        return cls(scheme, bucket, path.strip("/"))

    @classmethod
    def of_path(cls, path: Path) -> Self:
        """The URI of a folder or file on this machine's disks."""
        return cls("file", "", str(path.absolute()))

    def child(self, path: str) -> Self:
        """What lies below it.

        Args:
            path: with ``/``; empty for the place itself.
        """
        if self.scheme == "file":
            return type(self)("file", "", f"{self.path.rstrip('/')}/{path}" if path else self.path)
        joined = "/".join(part for part in (self.path, path) if part)
        return type(self)(self.scheme, self.bucket, joined)

    def split(self) -> tuple[Self, str]:
        """The folder it lies in and its name there, which is empty of a bucket as a whole.

        Example:
            >>> folder, name = ObjectUri.parse("s3://shop/lists/new.csv").split()
            >>> str(folder), name
            ('s3://shop/lists', 'new.csv')
        """
        folder, _, name = self.path.rpartition("/")
        return type(self)(self.scheme, self.bucket, folder or ("/" if self.scheme == "file" else "")), name

    def __str__(self) -> str:
        if self.scheme == "file":
            return f"file://{self.path}"
        return f"{self.scheme}://{self.bucket}" + (f"/{self.path}" if self.path else "")
