"""What a profile file holds."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from packshot.specs import Composition

__all__ = ["Evidence", "Profile", "Rule"]


class Evidence(StrEnum):
    """How we know a rule."""

    # Read on the marketplace's own page, in a stored copy; `dated` is that page's date if it bears one, `read` when it
    # was read.
    PAGE = "page"
    # Read in somebody else's description of the marketplace's page.
    SECONDARY = "secondary"
    # Handed down in our design notes; `source` is where to look, not what was read.
    NOTES = "notes"
    # Ours, no marketplace's.
    OWN = "own"


class Rule(BaseModel):
    """One rule of a marketplace.

    Attributes:
        id: unique in its profile; goes into reports.
        kind: what is measured, one of `packshot.marketplace.rule_kinds`.
        parameters: of the kind.
        severity: ``must`` (the marketplace refuses) or ``should`` (it recommends).
        wording: what the source asks for, in our words.
        source: URL of the page.
        dated: the date the source bears; None if it bears none or was not read.
        read: the day on which the rule was taken from it, from a stored copy; it may say something else since.
        since: the first day on which the rule holds; None: it holds already.
        evidence: how we know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    kind: str
    parameters: dict[str, object] = Field(default_factory=dict)
    severity: Literal["must", "should"] = "must"
    wording: str = Field(min_length=1)
    source: str = Field(pattern=r"^(https://\S+|own)$")
    dated: date | None = None
    read: date | None = None
    since: date | None = None
    evidence: Evidence

    @property
    def known_by(self) -> str:
        """Its source in words: where it stands, whether the marketplace says so itself, of when that is."""
        if self.evidence is Evidence.OWN:
            return self.source
        told = f"dated {self.dated}" if self.dated else "undated"
        return f"{self.source} ({self.evidence}, {told}" + (f", read {self.read})" if self.read else ")")

    def holds(self, on: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.since is None or self.since <= on

    @model_validator(mode="after")
    def _own_or_sourced(self) -> Rule:
        if (self.source == "own") != (self.evidence is Evidence.OWN):
            raise ValueError(f"rule {self.id!r}: source is {self.source!r} but evidence is {self.evidence.value!r}")
        return self


class Profile(BaseModel):
    """A marketplace: its rules for the main image, and how to compose so that they are kept.

    Attributes:
        name: of the profile, from its file.
        title: to show a person.
        note: what a reader must know about these rules.
        language: of its listings, such as ``pl``, where it has one; what titles are proposed in on the service's page.
        composition: how `packshot run --profile` composes.
        rules: what `packshot check --profile` measures.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    note: str = ""
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    composition: Composition
    rules: tuple[Rule, ...] = ()

    def words(self, *, rules: bool) -> str:
        """For a person: name and title; with `rules` also each rule, its source, how we know, and dates."""
        lines = [f"{self.name}  {self.title}"]
        for rule in self.rules if rules else ():
            lines.append(f"  {rule.severity:6} {rule.id}: {rule.wording}")
            when = f"; holds from {rule.since} on" if rule.since else ""
            lines.append(f"         {rule.known_by}{when}")
        return "\n".join(lines)

    @field_validator("rules")
    @classmethod
    def _unique(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        ids = [rule.id for rule in rules]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"rule ids must be unique, got twice: {', '.join(twice)}")
        return rules
