"""A request's body: counted and timed while it arrives, refused before it is held."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from packshot.service.refusal import Refusal
from packshot.service.settings import ServiceSettings

__all__ = ["Upload", "read_bytes", "read_upload", "too_large"]

_MAX_FIELDS = 64
_MAX_FILES = 4
_RAW = ("image/", "application/octet-stream")
_DIGITS = 18  # of a body's length; Python refuses to read far longer numbers
_CLOSE = {"Connection": "close"}  # what is left of the body is not read


@dataclass(frozen=True, slots=True)
class Upload:
    """A request's body.

    Attributes:
        fields: name to text.
        files: name to content; a body that is a picture itself is called ``file``.
    """

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


async def read_upload(request: Request, settings: ServiceSettings, arrived: Callable[[int], None]) -> Upload:
    """Read a body: multipart, urlencoded, JSON, or a picture itself. File names are thrown away.

    Args:
        request: as it came.
        settings: how large and how slow a body may be.
        arrived: told of each number of bytes, see `packshot.service.receiving.Receiving.receive`.

    Raises:
        Refusal: 413 too large, by what it declares or by what arrives; 408 too slow; 415 another type; 400 not what
            its type says, too many fields, or one twice.
    """
    _refuse_declared(request, settings, settings.max_body_bytes)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    async with _in_time(settings):
        upload = await _read(request, kind, settings, arrived)
    if any(len(data) > settings.max_upload_bytes for data in upload.files.values()):
        raise too_large(settings)
    return upload


async def read_bytes(request: Request, settings: ServiceSettings, *, max_bytes: int) -> bytes:
    """Read a body as it is.

    Raises:
        Refusal: 413 too large, by what it declares or by what arrives; 408 too slow.
    """
    _refuse_declared(request, settings, max_bytes)
    async with _in_time(settings):
        return b"".join([chunk async for chunk in _counted(request, settings, max_bytes)])


def too_large(settings: ServiceSettings, limit: int | None = None) -> Refusal:
    """The refusal of a photo, or of a body, with too many bytes."""
    if limit is None or limit == settings.max_body_bytes:
        what = f"the photo has more than {settings.max_upload_megabytes:g} MB"
    else:
        what = f"the body has more than {limit / 1e6:g} MB"
    return Refusal(
        413, "file_too_large", what, "send a smaller file, or ask who runs the service to allow larger ones", _CLOSE
    )


@contextlib.asynccontextmanager
async def _in_time(settings: ServiceSettings) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(settings.body_s):
            yield
    except TimeoutError as error:
        raise Refusal(
            408,
            "body_too_slow",
            f"the body did not arrive within {settings.body_s:g} s",
            "send it over a faster line, or a smaller file; or let whoever runs the service allow more time "
            "(PACKSHOT_SERVE_BODY_S)",
            _CLOSE,
        ) from error


def _refuse_declared(request: Request, settings: ServiceSettings, max_bytes: int) -> None:
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and (len(declared) > _DIGITS or int(declared) > max_bytes):
        raise too_large(settings, max_bytes)


async def _read(request: Request, kind: str, settings: ServiceSettings, told: Callable[[int], None]) -> Upload:
    limit = settings.max_body_bytes
    stream = _counted(request, settings, limit, told)
    if kind == "multipart/form-data":
        parser = MultiPartParser(
            request.headers, stream, max_files=_MAX_FILES, max_fields=_MAX_FIELDS, max_part_size=limit
        )
        return await _form(parser)
    if kind == "application/x-www-form-urlencoded":
        return await _form(FormParser(request.headers, stream, max_fields=_MAX_FIELDS, max_part_size=limit))
    if kind == "application/json":
        return _of_json(b"".join([chunk async for chunk in stream]))
    if kind.startswith(_RAW):
        return Upload(files={"file": b"".join([chunk async for chunk in stream])})
    raise Refusal(
        415,
        "unsupported_media_type",
        f"content type {kind[:60] or 'missing'!r}",
        "send multipart/form-data, application/x-www-form-urlencoded, application/json, or a picture itself",
        _CLOSE,
    )


async def _counted(
    request: Request, settings: ServiceSettings, limit: int, told: Callable[[int], None] = lambda _: None
) -> AsyncGenerator[bytes, None]:
    arrived = 0
    async for chunk in request.stream():
        arrived += len(chunk)
        if arrived > limit:
            raise too_large(settings, limit)
        told(len(chunk))
        yield chunk


async def _form(parser: MultiPartParser | FormParser) -> Upload:
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError, KeyError) as error:
        raise Refusal(
            400, "invalid_form", "the form cannot be read", "check its boundary and fields", _CLOSE
        ) from error
    with contextlib.closing(_Closing(form)):
        return await _of_form(form)


async def _of_form(form: FormData) -> Upload:
    upload = Upload()
    for name, value in form.multi_items():
        if name in upload.fields or name in upload.files:
            raise Refusal(400, "duplicate_field", "a field stands twice in the form", "send each once")
        if isinstance(value, UploadFile):
            upload.files[name] = await value.read()
        else:
            upload.fields[name] = value
    return upload


class _Closing:
    """Closes the temporary files behind a form."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def close(self) -> None:
        for _, value in self._form.multi_items():
            if isinstance(value, UploadFile):
                value.file.close()


def _of_json(body: bytes) -> Upload:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "invalid_json", "the body is not JSON", "send one object") from error
    if not isinstance(found, dict) or len(found) > _MAX_FIELDS:
        raise Refusal(400, "invalid_json", "the body is not an object with a few fields", "send one object")
    fields = {}
    for name, value in found.items():
        if isinstance(value, dict | list):
            raise Refusal(400, "invalid_json", "a field holds a list or an object", "send text, numbers and booleans")
        if value is not None:
            fields[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return Upload(fields=fields)
