"""The manifest: one `Record` a photo, written by a run and read by review, catalogue and report.

``docs/reference/manifest.md`` explains each key for people, ``docs/reference/manifest.schema.json`` is generated from
the types here. A key nobody here knows is kept, so a newer packshot's or your own survive being read and written.
"""

from packshot.records.attributes import sure_attributes
from packshot.records.described import attributes_record, category_record, products_record, scene_record
from packshot.records.manifest import MANIFEST, is_run_folder, read_manifest, write_manifest
from packshot.records.parts import (
    AttributeRecord,
    CategoryRecord,
    ChoiceRecord,
    ColourRecord,
    CorrectedRecord,
    DecisionRecord,
    EmbeddingRecord,
    ErrorRecord,
    EvidenceRecord,
    FindingsRecord,
    FrameRecord,
    OverlaysRecord,
    PackshotRecord,
    PathRecord,
    ProductRecord,
    RuleRecord,
    TagRecord,
    TextRecord,
    ThingRecord,
    UpcomingRuleRecord,
)
from packshot.records.record import Record, record_schema
from packshot.records.versions import SCHEMA_VERSION, read_record
from packshot.records.why import WHY, ReasonRecord, SaidRecord, WhyRecord, read_why, why_file, why_token

__all__ = [
    "MANIFEST",
    "SCHEMA_VERSION",
    "WHY",
    "AttributeRecord",
    "CategoryRecord",
    "ChoiceRecord",
    "ColourRecord",
    "CorrectedRecord",
    "DecisionRecord",
    "EmbeddingRecord",
    "ErrorRecord",
    "EvidenceRecord",
    "FindingsRecord",
    "FrameRecord",
    "OverlaysRecord",
    "PackshotRecord",
    "PathRecord",
    "ProductRecord",
    "ReasonRecord",
    "Record",
    "RuleRecord",
    "SaidRecord",
    "TagRecord",
    "TextRecord",
    "ThingRecord",
    "UpcomingRuleRecord",
    "WhyRecord",
    "attributes_record",
    "category_record",
    "is_run_folder",
    "products_record",
    "read_manifest",
    "read_record",
    "read_why",
    "record_schema",
    "scene_record",
    "sure_attributes",
    "why_file",
    "why_token",
    "write_manifest",
]
