"""Settings of the service: defaults, environment (``PACKSHOT_SERVE_*``) and validation in one place."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from pydantic import Field, IPvAnyNetwork
from pydantic_settings import BaseSettings, SettingsConfigDict

from packshot.limits import Limits
from packshot.machine import usable_cores
from packshot.settings import Settings

__all__ = ["ServiceSettings"]


class ServiceSettings(BaseSettings):
    """How the service runs; how photos are worked on is the business of `packshot.Settings`.

    Example:
        >>> ServiceSettings(workers=2).on_loopback
        True
        >>> ServiceSettings(host="0.0.0.0").on_loopback
        False
    """

    model_config = SettingsConfigDict(env_prefix="PACKSHOT_SERVE_", frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", description="address to listen on; one off loopback needs keys")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on, 0 is a free one")
    keys: Path | None = Field(default=None, description="file of key hashes, written with `packshot serve --new-key`")
    workers: int = Field(default_factory=usable_cores, ge=1, le=256, description="processes that work on photos")
    queue: int = Field(default=32, ge=0, le=10_000, description="requests that may wait beside those in work")
    deadline_s: float = Field(default=30.0, gt=0, description="seconds from a request's arrival to its answer")
    head_s: float = Field(default=10.0, gt=0, description="seconds in which a request's head must have arrived")
    body_s: float = Field(default=20.0, gt=0, description="seconds in which a request's body must have arrived")
    grace_s: float = Field(default=60.0, gt=0, description="seconds that requests in hand have after SIGTERM")
    connections: int = Field(default=512, ge=1, description="connections open at once; more are answered with 503")
    max_upload_megabytes: float = Field(default=22.0, gt=0, description="largest photo that is sent, in 10^6 bytes")
    max_megapixels: float = Field(default=50.0, gt=0, description="largest photo that is sent, in 10^6 pixels")
    models: tuple[str, ...] = Field(
        default=("cutout",), min_length=1, description="networks that a request may name; the first is the default"
    )
    classifier: Path | None = Field(
        default=None, description="ONNX file of a classifier of your own, whose answer the page shows"
    )
    fetch_urls: bool = Field(default=False, description="fetch photos from public addresses that a request names")
    fetch_s: float = Field(default=10.0, gt=0, description="seconds for one photo's fetch, redirects included")
    keep_s: float = Field(
        default=1800.0, gt=0, description="seconds that a photo a person works on stays after its last use"
    )
    keep_megabytes: float = Field(
        default=4000.0, gt=0, description="most that all of them take on the disk, in 10^6 bytes; the oldest go first"
    )
    hosts: tuple[str, ...] = Field(
        default=(), description="names under which the service is called; on loopback localhost is always one"
    )

    runs: tuple[str, ...] = Field(
        default=(), description="output folders of `packshot run` to show and review, each FOLDER or NAME=FOLDER"
    )
    catalogues: tuple[str, ...] = Field(
        default=(), description="catalogues to search, each CATALOGUE or NAME=CATALOGUE; the first is the default"
    )
    tagged: Path | None = Field(
        default=None, description="folder of the pictures of web pages that persons tag with a bookmark"
    )
    trusted_proxies: tuple[IPvAnyNetwork, ...] = Field(
        default=(IPv4Network("127.0.0.0/8"), IPv6Network("::1/128")),
        description="addresses from which the identity header is believed; from others it is passed over",
    )
    identity_header: str | None = Field(
        default=None, description="header in which a proxy says who is asking; without one it is the key's name"
    )

    state: Path | None = Field(
        default=None, description="folder for jobs and what is kept of them; without one there are no jobs"
    )
    results: str | None = Field(
        default=None,
        description="bucket or folder for the pictures of jobs that ask for it, such as s3://shop/pictures",
    )
    keep_hours: float = Field(default=48.0, gt=0, description="hours that an ended job and its pictures are kept")
    jobs: int = Field(default=20, ge=1, description="jobs of one key that have not ended")
    job_photos: int = Field(default=2000, ge=1, le=100_000, description="photos of one job")
    job_megabytes: float = Field(default=8000.0, gt=0, description="all photos of one job, in 10^6 bytes")
    photo_s: float = Field(default=60.0, gt=0, description="seconds that one photo of a job may take")
    webhook_secrets: Path | None = Field(
        default=None, description="file of secrets that sign webhooks; without one there are no webhooks"
    )

    @property
    def max_upload_bytes(self) -> int:
        """Largest photo in bytes."""
        return int(self.max_upload_megabytes * 1_000_000)

    @property
    def max_body_bytes(self) -> int:
        """Largest body in bytes: a photo as base64, and its fields."""
        return self.max_upload_bytes * 4 // 3 + 1_000_000

    def narrowed(self, settings: Settings) -> Settings:
        """The same settings with limits for what a stranger may send."""
        limits = settings.limits
        most = {
            "max_megapixels": min(limits.max_megapixels, self.max_megapixels),
            "max_file_megabytes": min(limits.max_file_megabytes, self.max_upload_megabytes),
        }
        changed = Limits.model_validate({**limits.model_dump(), **most})
        return settings.model_copy(update={"limits": changed})

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False
