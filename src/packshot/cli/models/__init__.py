"""``packshot models``: the networks at hand, and others brought here."""

from __future__ import annotations

import click

from packshot.cli.models.fetch import fetch
from packshot.cli.models.show import list_models
from packshot.cli.options import json_option

__all__ = ["command"]


@click.group(name="models", invoke_without_command=True)
@json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> int:
    """Show the networks at hand: size, licence, provenance, measured figures; and those that can be fetched.

    At hand are the networks that ship, and those in PACKSHOT_MODEL_STORE (a folder among your data, unless you name
    one): fetched ones, and your own as NAME.onnx with NAME.json.

    \b
    packshot models
    packshot models fetch u2net                              then: packshot run photos/ -o out/ --model u2net
    packshot models fetch isnet-general-use --allow-non-commercial
    """
    if context.invoked_subcommand is None:
        return list_models(as_json=as_json)
    context.obj = as_json
    return 0


command.add_command(fetch)
