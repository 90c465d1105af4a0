"""The manifest's format: what is written is read again, of every version, and nothing is lost on the way."""

import json
import shutil
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.batch.journal import Journal
from packshot.batch.report import write_report
from packshot.errors import EmptyFile, UsageError
from packshot.records import (
    MANIFEST,
    SCHEMA_VERSION,
    FindingsRecord,
    Record,
    RuleRecord,
    TagRecord,
    UpcomingRuleRecord,
    read_manifest,
    read_record,
    record_schema,
    write_manifest,
)
from packshot.review import Review
from packshot.values import Findings, RuleResult

OLD_RUN = Path(__file__).parent / "old_run"  # as version 1 wrote it: two photos and one that failed
SCHEMA = Path(__file__).parents[2] / "docs/reference/manifest.schema.json"

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def full() -> dict:
    """A line with every part in it."""
    picture = {"file": "packshots/a.jpg", "rules": [{"id": "fill", "ok": True, "measured": 0.9}], "status": "ok"}
    return {
        "schema_version": SCHEMA_VERSION,
        "source": "in/a.jpg",
        "sha256": "0" * 64,
        "status": "review",
        "review": ["mask"],
        "frame": {"framed": True, "score": 0.9, "inner_box": [1, 2, 3, 4], "removed": True},
        "packshots": {"amazon": picture, "ebay": {**picture, "file": "packshots/ebay/a.jpg"}},
        "category": {"path": [{"id": "shoes", "name": "Shoes", "score": 0.9}], "score": 0.9, "sure": True},
        "attributes": {"kids": {"value": "no", "score": 0.7}, "tags": [{"value": "belt", "score": 0.8}]},
        "products": [{"label": "shoes", "score": 0.9, "box": [1, 2, 3, 4], "name": "Shoes"}],
        "findings": {"width": 3, "height": 4, "touches": ["left"]},
        "embedding": {"file": "a.npy", "model": "m@1"},
        "decisions": [{"number": 1, "kind": "approve", "by": "anna", "at": "2026-11-28T10:00:00Z"}],
    }


def test_every_value_of_a_line_is_plain_json() -> None:
    """A rule that holds later has a day, and a decision a moment: JSON has neither."""
    row = full()
    row["packshots"]["amazon"]["upcoming"] = [{"id": "size", "ok": False, "since": "2027-01-31"}]
    plain = json.loads(json.dumps(read_record(row).row()))
    (upcoming,), (decision,) = plain["packshots"]["amazon"]["upcoming"], plain["decisions"]
    assert (upcoming["since"], decision["at"]) == ("2027-01-31", "2026-11-28T10:00:00+00:00")


def places(row: object, path: tuple = ()) -> list[tuple]:
    """Where in a row there are objects with fixed keys."""
    if isinstance(row, list):
        return [place for number, each in enumerate(row) for place in places(each, (*path, number))]
    if not isinstance(row, dict):
        return []
    inner = [place for key, each in row.items() for place in places(each, (*path, key))]
    return inner if path in {("packshots",), ("attributes",)} else [path, *inner]


@pytest.mark.parametrize("place", places(full()), ids=str)
@settings(deadline=None, max_examples=20)
@given(value=json_values)
def test_unknown_keys_survive_a_round_trip_wherever_they_are(place: tuple, value: object) -> None:
    row = full()
    inner = row
    for key in place:
        inner = inner[key]
    inner["key of tomorrow"] = value
    back = json.loads(read_record(row).to_json())
    for key in place:
        back = back[key]
    assert back["key of tomorrow"] == value


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1).filter(lambda name: name.strip("/\\")))
def test_any_name_of_a_file_comes_back(name: str) -> None:
    record = Record.failed(name, EmptyFile(f"{name} is empty", remedy="upload it again"))
    line = record.to_json()
    assert line.isascii()
    assert read_record(json.loads(line)) == record
    assert record.source == name


def test_the_first_profile_gives_the_packshot_and_its_rules() -> None:
    record = read_record(full())
    row = json.loads(record.to_json())
    assert (record.packshot, row["packshot"], list(row["packshots"])) == (*["packshots/a.jpg"] * 2, ["amazon", "ebay"])
    assert row["rules"] == row["packshots"]["amazon"]["rules"]
    assert [(profile, rule.id) for profile, rule in record.rules_of_all] == [("amazon", "fill"), ("ebay", "fill")]
    # What follows from another key is no truth of its own: a line that was edited does not contradict itself.
    assert read_record({**row, "packshot": "other.jpg", "rules": []}) == record
    assert Record(source="a", status="failed").packshot is None


def test_numbers_are_plain_and_short() -> None:
    record = Record(source="a", status="ok", uncertainty=np.float32(1 / 3), known=float("nan"), ready=np.float64(1))
    assert (record.uncertainty, record.known, record.ready) == (0.333333, None, 1.0)
    rule = RuleRecord(id="size", ok=np.True_, measured=[np.int64(3), 4])
    assert json.loads(rule.model_dump_json()) == {
        "id": "size",
        "ok": True,
        "measured": [3, 4],
        "required": "",
        "severity": "must",
    }
    assert RuleRecord(id="x", ok=True, measured=True).measured is True


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([], "expected an object"),
        ({}, "source"),
        ({"source": "a"}, "status"),
        ({"source": "/", "status": "ok"}, "name of a photo"),
        ({"source": "a", "status": "fine"}, "status"),
        ({"source": "a", "status": "ok", "sha256": "short"}, "64 lower-case hexadecimal digits"),
        ({"source": "a", "status": "ok", "frame": {"inner_box": [1, 2]}}, "frame.inner_box"),
        ({"source": "a", "status": "ok", "schema_version": "new"}, "schema_version"),
    ],
)
def test_what_is_no_line_of_a_manifest_is_refused_with_its_place(row: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_record(row)


def test_a_newer_version_is_refused_and_the_way_out_is_named() -> None:
    with pytest.raises(UsageError, match=f"version {SCHEMA_VERSION + 1}.*upgrade packshot"):
        read_record({**full(), "schema_version": SCHEMA_VERSION + 1})


def test_a_manifest_says_which_line_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / MANIFEST
    write_manifest(path, [read_record(full())])
    path.write_bytes(path.read_bytes() + b"{}\n")
    with pytest.raises(ValueError, match="line 2: no record of `packshot run`"):
        list(read_manifest(path))
    path.write_bytes(b"{]\n")
    with pytest.raises(ValueError, match="line 1 is no JSON"):
        list(read_manifest(path))


def test_the_schema_in_the_docs_is_that_of_the_code() -> None:
    """Write it anew: make reference."""
    assert json.loads(SCHEMA.read_text()) == json.loads(json.dumps(record_schema()))


def test_the_manual_names_every_key() -> None:
    manual = (SCHEMA.parent / "manifest.md").read_text()
    assert [key for key in record_schema()["properties"] if f"`{key}`" not in manual] == []


def test_findings_and_rules_are_recorded_whole() -> None:
    assert list(FindingsRecord.model_fields) == [field.name for field in fields(Findings)]
    assert list(UpcomingRuleRecord.model_fields) == [field.name for field in fields(RuleResult)]


def kept_of(row: object, line: object) -> object:
    """What a row has of an earlier line's keys, at any depth: later versions may say more."""
    if isinstance(row, dict) and isinstance(line, dict):
        return {key: kept_of(row[key], value) for key, value in line.items()}
    return row


def test_an_old_run_is_read_by_everything_that_reads_runs(tmp_path: Path) -> None:
    out = shutil.copytree(OLD_RUN, tmp_path / "out")
    lines = [json.loads(line) for line in (OLD_RUN / MANIFEST).read_text().splitlines()]
    assert not any("schema_version" in line for line in lines), "kept as it was written"
    records = list(read_manifest(out / MANIFEST))
    for line, record in zip(lines, records, strict=True):
        row = json.loads(record.to_json())
        assert row["schema_version"] == SCHEMA_VERSION
        assert kept_of(row, line) == line, "nothing is lost or changed"
    assert isinstance(records[0].attributes.get("tags", (TagRecord(value=""),)), tuple)
    with Journal(out) as journal:
        stems = [json.loads(line)["stem"] for line in (OLD_RUN / ".packshot/journal.jsonl").read_text().splitlines()]
        assert [journal.get(stem).record for stem in stems] == records[:2]
    assert len(Review(out / MANIFEST).cases()) == 2
    write_report(out / "report.html", [(record.source, record) for record in records], total=3)
    assert "empty.jpg" in (out / "report.html").read_text()


def test_a_line_is_written_anew_in_the_present_version(tmp_path: Path) -> None:
    records = list(read_manifest(OLD_RUN / MANIFEST))
    write_manifest(tmp_path / MANIFEST, records)
    assert list(read_manifest(tmp_path / MANIFEST)) == records
    assert all(
        json.loads(line)["schema_version"] == SCHEMA_VERSION for line in (tmp_path / MANIFEST).read_text().splitlines()
    )
