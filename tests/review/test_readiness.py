"""The readiness of a run, channel by channel and day by day, against records counted by hand."""

from __future__ import annotations

from datetime import date

from packshot.records import Record
from packshot.review import channels

LATER, LATEST = "2027-01-31", "2027-06-01"
TORN = {"code": "DamagedPhoto", "message": "it ends early", "remedy": "copy it again"}


def photo(status: str = "ok", *, review: tuple[str, ...] = (), **pictures: dict[str, object]) -> Record:
    values = {"source": "a.jpg", "status": status, "review": review, "packshots": pictures}
    return Record.model_validate(values)


def picture(*broken: str, later: dict[str, str] | None = None, **more: object) -> dict[str, object]:
    rules = [{"id": each, "ok": False, "measured": 1, "required": "more", "severity": "must"} for each in broken]
    rules.append({"id": "zoom", "ok": False, "measured": 1, "required": "more", "severity": "should"})
    upcoming = [
        {"id": name, "ok": False, "measured": 1, "required": "more", "severity": "must", "since": since}
        for name, since in (later or {}).items()
    ]
    return {"file": "a.jpg", "status": "review" if broken else "ok", "rules": rules, "upcoming": upcoming, **more}


def test_every_photo_counts_once_in_each_channel() -> None:
    missing = {"file": None, "status": "failed"}
    records = [
        photo(google=picture(), ebay=picture()),
        photo(google=picture(later={"size": LATER, "shape": LATEST}), ebay=picture("size")),
        photo(google=picture(later={"shape": LATEST}), ebay=picture("size", "border")),
        photo("review", review=("mask",), google=picture(later={"size": LATER}), ebay=picture()),
        photo("review", review=("rules",), google=picture(), ebay=picture("border")),  # ebay's rule is not google's
        photo("review", review=("enlarged",), google=picture(enlarged=True), ebay=picture()),
        photo("review", review=("picture",), google=missing, ebay=picture()),
        photo("rejected", google=picture("size"), ebay=picture("size")),
        Record.model_validate({"source": "torn.jpg", "status": "failed", "error": TORN}),
    ]
    google, ebay = channels(records)
    assert (google.profile, google.photos) == ("google", 8)
    assert (google.ready, google.look, google.refused, google.missing) == (4, 2, 0, 2)
    assert (ebay.ready, ebay.look, ebay.refused, ebay.missing) == (3, 1, 3, 1)
    assert ebay.rules == {"size": 2, "border": 2}
    assert [(each.since, each.refused, each.rules) for each in google.later] == [
        (date.fromisoformat(LATER), 2, {"size": 2}),
        (date.fromisoformat(LATEST), 3, {"shape": 2}),  # those of January among them
    ]
    assert ebay.later == ()


def test_a_run_without_results_has_no_channel() -> None:
    assert channels([]) == ()
