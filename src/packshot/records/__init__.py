"""The manifest: one `Record` a photo, written by a run and read by review, catalogue and report.

``docs/reference/manifest.md`` explains each key for people, ``docs/reference/manifest.schema.json`` is generated from
the types here. A key nobody here knows is kept, so a newer packshot's or your own survive being read and written.
"""

from packshot.records.attributes import sure_attributes
from packshot.records.described import attributes_record, category_record, products_record
from packshot.records.manifest import MANIFEST, read_manifest, write_manifest
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
    PackshotRecord,
    PathRecord,
    ProductRecord,
    RuleRecord,
    TagRecord,
    TextRecord,
    UpcomingRuleRecord,
)
from packshot.records.record import Record, record_schema
from packshot.records.versions import SCHEMA_VERSION, read_record

__all__ = [
    "MANIFEST",
    "SCHEMA_VERSION",
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
    "PackshotRecord",
    "PathRecord",
    "ProductRecord",
    "Record",
    "RuleRecord",
    "TagRecord",
    "TextRecord",
    "UpcomingRuleRecord",
    "attributes_record",
    "category_record",
    "products_record",
    "read_manifest",
    "read_record",
    "record_schema",
    "sure_attributes",
    "write_manifest",
]
