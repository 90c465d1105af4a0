"""``packshot models``: the networks at hand."""

from __future__ import annotations

import json

import click

from packshot.cli.options import json_option, settings_from

__all__ = ["command"]


@click.command(name="models")
@json_option
def command(as_json: bool) -> None:
    """Show the networks that ship and those in PACKSHOT_MODEL_STORE: size, licence, provenance, measured figures."""
    from packshot.runtime import available, read_card

    for name, path in available(settings_from()).items():
        card = read_card(path.with_suffix(".json"))
        if as_json:
            click.echo(json.dumps({"name": name, "file": str(path), **card.model_dump(mode="json")}))
            continue
        megabytes = path.stat().st_size / 1e6
        use = "commercial use allowed" if card.commercial_use else "NON-COMMERCIAL"
        click.echo(f"{name}  {card.task}  {card.input.size[0]}x{card.input.size[1]}  {megabytes:.1f} MB")
        click.echo(f"  licence  {card.licence}, {use}")
        click.echo(f"  file     {path}")
        click.echo(f"  sha256   {card.sha256}")
        for source in card.provenance:
            click.echo(f"  from     {source.name} ({source.licence})")
        for metric, value in card.metrics.items():
            click.echo(f"  {metric}  {value:.4g}")
