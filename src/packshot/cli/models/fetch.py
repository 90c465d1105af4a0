"""``packshot models fetch``: a published network, brought here after its size and licence were shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from packshot.cli.models.output import card_lines
from packshot.cli.options import json_option, settings_from
from packshot.errors import ModelError

if TYPE_CHECKING:
    from packshot.runtime.fetching import Fetched
    from packshot.runtime.published import PublishedModel
    from packshot.settings import Settings

__all__ = ["fetch"]


@click.command(name="fetch")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option(
    "--allow-non-commercial", is_flag=True, help="Fetch a network whose licence or data forbid commercial use."
)
@json_option
@click.pass_context
def fetch(context: click.Context, names: tuple[str, ...], allow_non_commercial: bool, as_json: bool) -> int:
    """Fetch u2net, u2netp, isnet-general-use or birefnet-general-lite from its publisher, for --model NAME.

    Size and licence are shown first, on stderr. The file is checked against a SHA-256 that packshot knows: another
    file is deleted. Repeat the command to go on with a download that ended early. HTTPS_PROXY and SSL_CERT_FILE are
    obeyed; PACKSHOT_MODEL_MIRROR names a folder of your own that has the files, PACKSHOT_MODEL_STORE where they go.

    \b
    packshot models fetch u2net
    packshot cutout photo.jpg -o out/ --model u2net
    packshot models fetch isnet-general-use --allow-non-commercial
    packshot models fetch u2net u2netp --json
    """
    from packshot.runtime.fetching import address_of, published_model
    from packshot.runtime.licence import require_licence

    settings = settings_from(allow_non_commercial=allow_non_commercial)
    models = [published_model(name) for name in dict.fromkeys(names)]
    for model in models:
        for line in card_lines(model.name, model.card, size=model.size):
            click.echo(line, err=True)
        click.echo(f"  address  {address_of(model, settings)}", err=True)
    for model in models:
        require_licence(model.card, settings, source=model.name)
    failed, as_json = 0, as_json or bool(context.obj)
    for model in models:
        row: dict[str, object] = {
            "name": model.name,
            "file": None,
            "fetched": False,
            "error": None,
            "sha256": model.sha256,
            "bytes": model.size,
            "licence": model.card.licence,
            "commercial_use": model.card.commercial_use,
        }
        try:
            done = _with_bar(model, settings)
        except ModelError as error:
            failed += 1
            click.echo(f"packshot: {error}", err=True)
            row["error"] = error.to_dict()
        else:
            row |= {"file": str(done.path), "fetched": done.new}
            if not as_json:
                click.echo(f"{model.name}\t{done.path}{'' if done.new else '  (was there already)'}")
        if as_json:
            click.echo(json.dumps(row))
    return 3 if failed else 0


def _with_bar(model: PublishedModel, settings: Settings) -> Fetched:
    from packshot.cli.progress import Bar
    from packshot.runtime.fetching import fetch as bring

    with Bar(model.size, unit="B", scaled=True) as bar:
        return bring(model.name, settings, tell=bar.move_to)
