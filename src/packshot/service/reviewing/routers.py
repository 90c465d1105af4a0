"""All addresses under ``/v1/reviews``."""

from __future__ import annotations

from packshot.service.reviewing import decisions, filters, pictures, questions, routes

__all__ = ["review_routers"]

review_routers = (routes.router, decisions.router, pictures.router, filters.router, questions.router)
