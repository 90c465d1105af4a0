"""Bring a published network onto this machine, when somebody asks for it by name."""

from packshot.runtime.fetching.fetch import Fetched, address_of, fetch, published_model

__all__ = ["Fetched", "address_of", "fetch", "published_model"]
