"""From a URI to what can be done there."""

from __future__ import annotations

from pathlib import Path

from packshot.storage.objects.folder import ObjectFolder
from packshot.storage.objects.on_disk import DiskFolder
from packshot.storage.objects.uri import ObjectUri

__all__ = ["open_folder"]


def open_folder(uri: str | ObjectUri, *, retry_s: float = 120.0) -> ObjectFolder:
    """The objects below a URI; nothing is asked of the store yet (see `ObjectFolder.check`).

    Credentials, region and endpoint come from where the clouds' own tools take them: the environment
    (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL``, ``GOOGLE_APPLICATION_CREDENTIALS``, ``AZURE_STORAGE_ACCOUNT_NAME``,
    ...), ``~/.aws`` with ``AWS_PROFILE``, a web identity, or the machine's role. ``STORAGE_EMULATOR_HOST``,
    ``AZURE_STORAGE_USE_EMULATOR`` and ``AZURE_STORAGE_ENDPOINT`` name other addresses of Google's and Azure's kind.

    Args:
        uri: such as ``s3://bucket/folder``.
        retry_s: seconds for which a request is repeated that fails for a reason that passes.

    Raises:
        UsageError: the URI is wrong, or it names a bucket and the extra ``cloud`` is not installed.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     objects = open_folder(f"file://{folder}")
        ...     _ = objects.create("a/b.txt", b"here")
        ...     print([(found.path, found.size) for found in objects.list()])
        [('a/b.txt', 4)]
    """
    parsed = ObjectUri.parse(uri) if isinstance(uri, str) else uri
    if parsed.scheme == "file":
        return DiskFolder(Path(parsed.path))
    from packshot.storage.objects.bucket import BucketFolder  # noqa: PLC0415  # needs the extra

    return BucketFolder(parsed, retry_s=retry_s)
