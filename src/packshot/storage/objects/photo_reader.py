"""Photos by their URIs: one store for each bucket, and no photo above a size."""

from __future__ import annotations

from packshot.errors import LimitExceeded, ObjectNotFound, UnreadablePhoto
from packshot.storage.objects.folder import ObjectFolder
from packshot.storage.objects.opening import open_folder
from packshot.storage.objects.uri import ObjectUri

__all__ = ["PhotoReader"]


class PhotoReader:
    """Reads photos of any bucket.

    Args:
        max_bytes: largest photo that is read.
    """

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._stores: dict[tuple[str, str], ObjectFolder] = {}

    def read(self, source: str, *, size: int | None = None) -> tuple[bytes, str | None]:
        """A photo's bytes, and its etag.

        Args:
            source: its URI.
            size: bytes, if they are known.

        Raises:
            UnreadablePhoto: it is not there.
            LimitExceeded: it is too large.
            StorageError: the bucket cannot be used.
        """
        place = ObjectUri.parse(source)
        key = (place.scheme, place.bucket)
        if key not in self._stores:
            self._stores[key] = open_folder(ObjectUri(*key, "/" if place.scheme == "file" else ""))
        store, path = self._stores[key], place.path.lstrip("/")
        try:
            size = store.head(path).size if size is None else size
            if size > self._max_bytes:
                raise LimitExceeded(
                    f"{source} has {size / 1e6:.0f} MB, more than {self._max_bytes / 1e6:.0f}",
                    remedy="save the photo smaller, or raise PACKSHOT_LIMITS__MAX_FILE_MEGABYTES",
                )
            data, info = store.read(path)
        except ObjectNotFound as gone:
            raise UnreadablePhoto(f"{source} is not there any more", remedy="put it back, and repeat") from gone
        return data, info.etag
