"""``packshot models``: the networks at hand, and others brought here after size and licence were shown."""

from __future__ import annotations

import click

from packshot.cli.command import argument, declared, option, packshot_command
from packshot.cli.options import JSON, settings_from
from packshot.cli.printing import print_notes, print_row
from packshot.cli.streams import outlive_reader
from packshot.errors import ModelError

__all__ = ["command"]


def _models(as_json: bool = JSON) -> int:
    """Show the networks at hand: size, licence, provenance, measured figures; and those that can be fetched.

    At hand are the networks that ship, and those in PACKSHOT_MODEL_STORE (a folder among your data, unless you name
    one): fetched ones, and your own as NAME.onnx with NAME.json.

    \b
    packshot models
    packshot models fetch u2net                              then: packshot run photos/ -o out/ --model u2net
    packshot models fetch isnet-general-use --allow-non-commercial
    """
    context = click.get_current_context()
    if context.invoked_subcommand is not None:
        context.obj = as_json
        return 0
    from packshot.runtime import available, card_of
    from packshot.runtime.card_words import file_lines, offer_line
    from packshot.runtime.published import PUBLISHED

    found, faults = available(settings_from()), 0
    for name, path in found.items():
        try:
            card = card_of(path)
        except ModelError as error:
            faults += 1
            click.echo(f"packshot: {error}", err=True)
            continue
        row = {"name": name, "file": str(path), **card.model_dump(mode="json")}
        print_row(row, "\n".join(file_lines(name, card, path)), as_json=as_json)
    others = [model for name, model in PUBLISHED.items() if name not in found]
    if others and not as_json:
        click.echo("\n".join(["to fetch, with `packshot models fetch NAME`:", *map(offer_line, others)]))
    return 3 if faults else 0


@packshot_command("fetch")
def fetch(
    names: tuple[str, ...] = argument("NAME..."),
    allow_non_commercial: bool = option(
        "--allow-non-commercial", help="Fetch a network whose licence or data forbid commercial use."
    ),
    as_json: bool = JSON,
) -> int:
    """Fetch u2net, u2netp, isnet-general-use or birefnet-general-lite from its publisher, for --model NAME.

    Size and licence are shown first, on stderr. The file is checked against a SHA-256 that packshot knows: another
    file is deleted. Repeat the command to go on with a download that ended early. HTTPS_PROXY and SSL_CERT_FILE are
    obeyed; PACKSHOT_MODEL_MIRROR is the https address of a folder of your own that has the files, PACKSHOT_MODEL_STORE
    where they go; a file that is put there by hand is taken as well.

    \b
    packshot models fetch u2net
    packshot cutout photo.jpg -o out/ --model u2net
    packshot models fetch isnet-general-use --allow-non-commercial
    packshot models fetch u2net u2netp --json
    """
    from packshot.cli.progress import Bar
    from packshot.runtime import fetching
    from packshot.runtime.card_words import card_lines
    from packshot.runtime.licence import require_licence

    outlive_reader()
    settings = settings_from(allow_non_commercial=allow_non_commercial)
    models = [fetching.published_model(name) for name in dict.fromkeys(names)]
    for model in models:
        print_notes(card_lines(model.name, model.card, size=model.size))
        click.echo(f"  address  {fetching.address_of(model, settings)}", err=True)
    for model in models:
        require_licence(model.card, settings, source=model.name)
    failed, as_json = 0, as_json or bool(click.get_current_context().obj)
    for model in models:
        try:
            with Bar(model.size, unit="B", scaled=True) as bar:
                done = fetching.fetch(model.name, settings, tell=bar.move_to)
        except ModelError as error:
            failed += 1
            click.echo(f"packshot: {error}", err=True)
            row = {"name": model.name, "file": None, "fetched": False, "error": error.to_dict(), **model.row()}
            print_row(row, "", as_json=as_json)
        else:
            print_row(done.row(), done.words(), as_json=as_json)
    return 3 if failed else 0


command = declared(_models, click.group(name="models", invoke_without_command=True, commands=[fetch]))
