"""What is to be collected, from where, and how gently."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from packshot.addresses import split_address
from packshot.collecting.selector_file import Selectors, read_selectors
from packshot.errors import UsageError
from packshot.limits import Limits
from packshot.version import __version__

__all__ = ["Job", "host_of", "same_site", "typed_job"]

ROBOT = "packshot"
"""The name that a robots.txt may address."""


class Job(BaseModel):
    """One collection.

    Example:
        >>> job = Job(starts=["https://www.shop.example/"], out="shop")
        >>> job.may_read("shop.example"), job.may_read("elsewhere.example")
        (True, False)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    starts: tuple[str, ...] = Field(min_length=1, description="addresses of start pages, product pages or sitemaps")
    out: Path = Field(description="folder for photos, manifest.csv and products.jsonl")
    allow_hosts: tuple[str, ...] = Field(default=(), description="further hosts whose pages and photos may be read")
    allow_private: bool = Field(
        default=False, description="the hosts that were named may have private addresses; others never may"
    )
    depth: int = Field(default=2, ge=0, le=20, description="links followed from a start page, one after the other")
    rate: float = Field(default=1.0, gt=0, le=100, description="most requests a second and host")
    max_pages: int = Field(default=1000, ge=1, description="pages read into one folder, over all runs")
    max_photos: int = Field(default=10_000, ge=1, description="photos kept in one folder, over all runs")
    max_seconds: float = Field(default=3600.0, gt=0, description="longest run")
    timeout_s: float = Field(default=30.0, gt=0, description="longest wait for one page or photo, body included")
    contact: str = Field(default="", max_length=200, description="mail or web address of who collects")
    refresh: bool = Field(default=False, description="read pages again that an earlier run has read")
    selectors: Selectors | None = Field(
        default=None, description="where pages show what, and how products are labelled"
    )
    limits: Limits = Field(default_factory=Limits, description="of one photo")

    @model_validator(mode="after")
    def _check(self) -> Self:
        for start in self.starts:
            _check_start(start)
        for host in self.allow_hosts:
            if host != host_of(f"http://{host}/"):
                raise UsageError(
                    f"--allow-host {host}: expected the name of a host", remedy="for example --allow-host cdn.shop.com"
                )
        if not self.contact.isprintable():
            raise UsageError("--contact holds a control character", remedy="give a mail or web address")
        return self

    @property
    def user_agent(self) -> str:
        """How the crawl introduces itself to every host."""
        return f"{ROBOT}/{__version__} (collects product photos; {self.contact or 'no contact given'})"

    def may_read(self, host: str) -> bool:
        """Whether pages of a host may be read: a start's host, with or without ``www.``, or one that was allowed."""
        return host in self.allow_hosts or any(same_site(host, host_of(start)) for start in self.starts)


def typed_job(
    *, max_minutes: float | None = None, timeout: float | None = None, selectors: str | None = None, **given: object
) -> Job:
    """A job as a person types it.

    Args:
        max_minutes: longest run.
        timeout: seconds for one page or photo.
        selectors: a file that says where pages show what.
        given: further fields; None is not given.

    Raises:
        UsageError: a value is wrong, or the file.
    """
    given |= {
        "max_seconds": None if max_minutes is None else max_minutes * 60,
        "timeout_s": timeout,
        "selectors": None if selectors is None else read_selectors(Path(selectors)),
    }
    try:
        return Job.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{name}: {first['msg']}", remedy="see `packshot collect --help`") from error


def host_of(url: str) -> str:
    """The host an address names, in lower case; empty where it names none."""
    parts = split_address(url)
    return "" if parts is None else (parts.hostname or "").rstrip(".")


def same_site(one: str, other: str) -> bool:
    """Whether two hosts differ by no more than a leading ``www.``."""
    return one.removeprefix("www.") == other.removeprefix("www.")


def _check_start(start: str) -> None:
    parts = split_address(start)
    if parts is None:
        raise UsageError(f"{start}: no web address", remedy="for example https://www.shop.com/")
    if parts.scheme not in {"http", "https"}:
        raise UsageError(
            f"{start}: expected an address that starts with https:// or http://",
            remedy=f"for example https://{start.partition('://')[2] or start}",
        )
    if not parts.hostname or not start.isprintable() or " " in start:
        raise UsageError(f"{start!r}: no web address", remedy="for example https://www.shop.com/")
    if parts.username is not None:
        raise UsageError(
            f"{parts.hostname}: the address carries a user name", remedy="collect from pages that need no login"
        )
