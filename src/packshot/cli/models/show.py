"""``packshot models``: the networks at hand."""

from __future__ import annotations

import json

import click

from packshot.cli.models.output import card_lines
from packshot.cli.options import settings_from

__all__ = ["list_models"]


def list_models(*, as_json: bool) -> int:
    """Print every network that can be asked for by name; the exit code, 3 where a card cannot be read."""
    from packshot.errors import ModelError
    from packshot.runtime import available, card_of
    from packshot.runtime.published import PUBLISHED

    found, faults = available(settings_from()), 0
    for name, path in found.items():
        try:
            card = card_of(path)
        except ModelError as error:
            faults += 1
            click.echo(f"packshot: {error}", err=True)
            continue
        if as_json:
            click.echo(json.dumps({"name": name, "file": str(path), **card.model_dump(mode="json")}))
            continue
        for line in card_lines(name, card, size=path.stat().st_size):
            click.echo(line)
        click.echo(f"  file     {path}")
        click.echo(f"  sha256   {card.sha256}")
        for metric, value in card.metrics.items():
            click.echo(f"  {metric}  {value:.4g}")
    others = [model for name, model in PUBLISHED.items() if name not in found]
    if others and not as_json:
        click.echo("to fetch, with `packshot models fetch NAME`:")
        for model in others:
            use = "commercial use allowed" if model.card.commercial_use else "NON-COMMERCIAL"
            click.echo(f"  {model.name}  {model.size / 1e6:.1f} MB  {model.card.licence}, {use}")
    return 3 if faults else 0
