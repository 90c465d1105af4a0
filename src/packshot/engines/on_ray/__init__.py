"""A Ray cluster as an engine; the only import of Ray (extra ``ray``)."""

from packshot.engines.on_ray.engine import RayEngine

__all__ = ["RayEngine"]
