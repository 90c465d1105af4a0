"""A Ray cluster as an engine; the only import of Ray (extra ``ray``)."""

from packshot.errors import UsageError
from packshot.extras import installing

try:
    import ray  # noqa: F401  # told here, once for all modules
except ImportError as missing:
    raise UsageError("--engine ray needs Ray, which is not installed", remedy=installing("ray")) from missing

from packshot.engines.on_ray.engine import RayEngine

__all__ = ["RayEngine"]
