"""The rule that calls a hit a match, kept beside the catalogue it was fitted on."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import ValidationError

from packshot.errors import CatalogueDamaged, UsageError
from packshot.runtime import MatchRule
from packshot.storage.atomic import write_atomic

__all__ = ["read_match_rule", "write_match_rule"]

_FILE = "match.json"


def read_match_rule(uri: str, *, model: str) -> MatchRule | None:
    """The rule kept in a catalogue's folder.

    Args:
        uri: of the catalogue.
        model: identity of its embeddings now.

    Returns:
        None where none was fitted for that model, or the catalogue is not a folder.

    Raises:
        CatalogueDamaged: the file cannot be read.
    """
    path = _path(uri)
    if path is None or not path.exists():
        return None
    try:
        kept = json.loads(path.read_bytes())
        return MatchRule.model_validate(kept["rule"]) if kept["model"] == model else None
    except (OSError, ValueError, TypeError, KeyError, ValidationError) as error:
        raise CatalogueDamaged(
            f"{path} is damaged ({type(error).__name__})",
            remedy="fit it again with `packshot catalogue calibrate`, or delete the file",
        ) from error


def write_match_rule(uri: str, rule: MatchRule, *, model: str) -> None:
    """Keep a rule in a catalogue's folder, whole or not at all.

    Args:
        uri: of the catalogue.
        rule: fitted on queries to it.
        model: identity of its embeddings.

    Raises:
        UsageError: the catalogue is not a folder of this machine.
        OutputError: it could not be written.
    """
    path = _path(uri)
    if path is None:
        raise UsageError(
            f"{uri} is not a folder: a threshold cannot be kept there",
            remedy=f"give it with each search: --threshold {rule.threshold:.4f}",
        )
    kept = {"model": model, "rule": rule.model_dump(mode="json")}
    write_atomic(path, json.dumps(kept, indent=2).encode() + b"\n")


def _path(uri: str) -> Path | None:
    return None if re.match(r"[A-Za-z][\w+.-]+://|milvus\+", uri) else Path(uri) / _FILE
