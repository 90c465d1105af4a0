"""What libtiff says while Pillow decodes with it.

It prints its complaints to stderr, without the name of the file. Here they are kept for the photo they are about.
"""

from __future__ import annotations

import ctypes
import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from PIL import _imaging

__all__ = ["libtiff_messages"]

_MOST = 20  # messages of one photo: a damaged one can have one for each line
_LONGEST = 500  # bytes of one
# void handler(const char *module, const char *format, va_list values)
_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)
_heard = threading.local()


class _CFunction(Protocol):
    def __call__(self, *arguments: object) -> object: ...


@contextmanager
def libtiff_messages() -> Iterator[list[str]]:
    """Collect what libtiff says in this thread while the context lasts; nothing where it cannot be told to.

    Yields:
        Its errors, each on one line: ``Fax4Decode: Bad code word at line 76 of strip 0 (x 80).``
    """
    _listen()
    before, _heard.messages = getattr(_heard, "messages", None), list[str]()
    try:
        yield _heard.messages
    finally:
        _heard.messages = before


@functools.cache
def _listen() -> object:
    """Replace libtiff's handlers, once; the result must live as long as the process."""
    try:
        # A library is looked for symbols together with those it was linked to.
        libtiff = ctypes.CDLL(_imaging.__file__)
        write = ctypes.CDLL(None).vsnprintf
        handler = _HANDLER(functools.partial(_hear, write))
        libtiff.TIFFSetErrorHandler(handler)
        libtiff.TIFFSetWarningHandler(None)
    except (OSError, AttributeError, TypeError):  # linked statically, as on Windows
        return None
    return handler


def _hear(write: _CFunction, module: bytes | None, template: bytes, values: int) -> None:
    messages = getattr(_heard, "messages", None)
    if messages is None or len(messages) >= _MOST:
        return
    buffer = ctypes.create_string_buffer(_LONGEST)
    write(buffer, ctypes.c_size_t(_LONGEST), template, ctypes.c_void_p(values))
    where = b"" if module is None or module == b"tempfile.tif" else module + b": "
    messages.append((where + buffer.value).decode("utf-8", "replace"))
