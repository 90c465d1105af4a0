"""Google's and Azure's stores at another address than the public one: emulators, private endpoints.

The variables are those of the clouds' own tools: ``STORAGE_EMULATOR_HOST`` of Google's client libraries, and
``AZURE_STORAGE_ENDPOINT`` and ``AZURE_STORAGE_USE_EMULATOR``, which obstore reads itself.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from obstore.store import GCSConfig

__all__ = ["azure_plain_http", "google_config", "google_plain_http"]


def google_config() -> GCSConfig:
    """As obstore takes it: the emulator that ``STORAGE_EMULATOR_HOST`` names, asked without credentials; else nothing.

    The host may be without a scheme, which then is http.
    """
    host = _google_emulator()
    if not host:
        return {}
    # obstore asks for a token of the machine's role unless a key says that there is none.
    key = {"gcs_base_url": host, "disable_oauth": True, "client_email": "", "private_key": "", "private_key_id": ""}
    return {"service_account_key": json.dumps(key)}


def google_plain_http() -> bool:
    """Whether it is asked without TLS."""
    return _google_emulator().startswith("http://")


def azure_plain_http() -> bool:
    """Whether ``AZURE_STORAGE_ENDPOINT`` is asked without TLS, as it was typed."""
    return any(os.environ.get(name, "").startswith("http://") for name in ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"))


def _google_emulator() -> str:
    host = os.environ.get("STORAGE_EMULATOR_HOST", "").rstrip("/")
    return host if not host or "://" in host else f"http://{host}"
