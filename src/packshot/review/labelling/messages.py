"""What page and session say to each other, as JSON."""

from __future__ import annotations

import json
from pathlib import PurePath

from packshot.decisions.decision import Decision
from packshot.errors import UsageError
from packshot.review.labelling.session import Session, ShownPhoto
from packshot.values import Box

__all__ = ["answer", "opening"]

Message = dict[str, object]


def opening(session: Session) -> Message:
    """All the page needs to begin: photos, what stands about each, and what could not be read."""
    return {
        "table": session.table.name,
        "snaps": session.refines,
        "photos": [_photo(one) for one in session.all_seen()],
        "skipped": [
            {"source": one.source, "message": one.error.message, "remedy": one.error.remedy} for one in session.skipped
        ],
    }


def answer(session: Session, name: str, body: bytes) -> Message:
    """Do what the page asks.

    Args:
        session: the sitting.
        name: ``decide``, ``undo``, ``snap`` or ``finish``.
        body: a JSON object with ``photo``, and as needed ``framed`` and ``box``.

    Raises:
        UsageError: it is not understood, or cannot be done.
        OutputError: it could not be written.
        PhotoError: the photo cannot be read any more.
    """
    asked = _object(body)
    if name == "finish":
        session.finished.set()
        return {}
    if name == "undo":
        undone = session.undo(None if asked.get("photo") is None else _index(asked))
        return {} if undone is None else {"photo": undone.index, "decision": _decision(undone.decision)}
    if name == "snap":
        return {"box": session.snap(_index(asked), _box(asked.get("box"))).as_tuple()}
    if name == "decide":
        framed = asked.get("framed")
        if not isinstance(framed, bool):
            raise _misunderstood("framed", framed)
        decided = session.decide(_index(asked), framed=framed, box=_box(asked.get("box")) if framed else None)
        return {"photo": decided.index, "decision": _decision(decided.decision)}
    raise _misunderstood("request", name)


def _photo(one: ShownPhoto) -> Message:
    proposal = one.proposal
    path = PurePath(proposal.photo)
    return {
        "name": path.name,
        "folder": "" if path.parent == PurePath() else path.parent.as_posix(),
        "size": proposal.size,
        "model": proposal.model,
        "framed": proposal.framed,
        "score": round(proposal.score, 4),
        "box": proposal.box.as_tuple(),
        "decision": _decision(one.decision),
    }


def _decision(decision: Decision | None) -> Message | None:
    if decision is None or decision.frame is None:
        return None
    return {"framed": decision.frame.framed, "box": decision.frame.box}


def _object(body: bytes) -> Message:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _misunderstood("body", body[:40]) from error
    if not isinstance(found, dict):
        raise _misunderstood("body", found)
    return found


def _index(asked: Message) -> int:
    index = asked.get("photo")
    if not isinstance(index, int) or isinstance(index, bool):
        raise _misunderstood("photo", index)
    return index


def _box(value: object) -> Box:
    if isinstance(value, list) and len(value) == 4 and all(type(side) is int for side in value):
        try:
            return Box(*value)
        except ValueError:
            pass
    raise _misunderstood("box", value)


def _misunderstood(what: str, came: object) -> UsageError:
    return UsageError(f"{what} {came!r} is not understood", remedy="load the page anew")
