"""How patiently a shop is asked: defaults, environment (``PACKSHOT_DELIVERY_*``) and validation in one place."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["DeliverySettings"]


class DeliverySettings(BaseSettings):
    """How patiently a shop is asked.

    Example:
        >>> DeliverySettings(attempts=2).attempts
        2
    """

    model_config = SettingsConfigDict(env_prefix="PACKSHOT_DELIVERY_", frozen=True, extra="forbid")

    attempts: int = Field(default=8, ge=1, le=100, description="how often a request is made in all")
    first_pause_s: float = Field(default=0.5, gt=0, description="longest pause before the second attempt; then doubled")
    longest_pause_s: float = Field(default=60.0, gt=0, description="longest pause; a shop that asks for more ends it")
    timeout_s: float = Field(default=60.0, gt=0, description="seconds without a byte after which a request is given up")
    ready_s: float = Field(default=180.0, gt=0, description="seconds a shop may take until a picture can be shown")
    at_once: int = Field(default=4, ge=1, le=32, description="products that are worked on at the same time")
    max_megabytes: float = Field(default=50.0, gt=0, description="largest picture that is read back, in 10^6 bytes")
