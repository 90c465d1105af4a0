"""``python -m packshot.records > docs/reference/manifest.schema.json``: the JSON schema of a line."""

import json

from packshot.records import record_schema

print(json.dumps(record_schema(), indent=2))  # noqa: T201
