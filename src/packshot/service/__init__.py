"""The pipeline over HTTP: remove.bg's and rembg's addresses, and packshot's own (extra ``service``).

No logic of its own: a request becomes a job, a worker process does it with the stages the command line calls, and the
answer goes back. The application is made by `packshot.service.app.create_app`, run by `packshot.service.server.serve`;
both need the extra, what stands here does not.
"""

from packshot.service.extra import require_service
from packshot.service.keys import Key, KeyRing, new_key, read_keys
from packshot.service.settings import ServiceSettings

__all__ = ["Key", "KeyRing", "ServiceSettings", "new_key", "read_keys", "require_service"]
