"""schemathesis asks every address of the description for what it allows and for what it does not."""

from __future__ import annotations

import io
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from packshot_tests.service import QUICK, Inline
from packshot_tests.shop import Shop
from schemathesis.checks import CHECKS
from schemathesis.core.failures import FailureGroup

from packshot.service import ServiceSettings
from packshot.service.app import create_app

CASES = 8  # of each address
PATIENCE_S = 240  # the first search imports the catalogue, on a machine that may be busy
HERE = {"Host": "localhost"}


def test_every_address_keeps_what_the_description_says(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.add("photos/a.png")
    serving = ServiceSettings(
        state=tmp_path / "state", runs=(f"shop={shop.out}",), catalogues=(f"goods={tmp_path / 'goods'}",)
    )
    app = create_app(QUICK, serving, workers=Inline(serving.narrowed(QUICK)), log_to=io.StringIO())
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HERE)
    # What makes a photo of bytes, or a source of a form, no schema says.
    unsayable = CHECKS.get_by_names(["positive_data_acceptance"])
    broken: dict[str, str] = {}
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=CASES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=HERE, excluded_checks=unsayable, timeout=PATIENCE_S)

        try:
            ask()
        except FailureGroup as error:
            broken[operation.label] = "; ".join(map(str, error.exceptions))
        asked += 1
    assert asked > 50
    assert not broken, "\n\n".join(f"{label}: {why[:1500]}" for label, why in broken.items())
