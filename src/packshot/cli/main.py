"""The ``packshot`` command: finds the subcommand asked for and loads only that."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from packshot.cli.streams import ReaderGone, outlive_reader, print_failure, safe_streams
from packshot.errors import OutputError, PackshotError
from packshot.machine import keep_blas_to_one_thread

__all__ = ["main", "program"]

#: Command name -> module and one line of help; the module is imported when its command is run.
_COMMANDS = {
    "run": ("packshot.cli.run", "Photos in, finished packshots and a report out."),
    "watch": ("packshot.cli.watch", "The same with what arrives in a folder, as soon as it is whole."),
    "cutout": ("packshot.cli.cutout", "Cut the product out: transparent PNGs, or masks."),
    "frame": ("packshot.cli.frame", "Find frames, bars and banners around photos, and cut them off."),
    "overlay": ("packshot.cli.overlay", "Find text, logos and watermarks that were laid over photos."),
    "classify": ("packshot.cli.classify", "Say what is in photos, where, and how sure that is."),
    "caption": ("packshot.cli.caption", "Write one sentence on each photo, in which every word has evidence."),
    "duplicates": ("packshot.cli.duplicates", "Find duplicate photos, and name the best copy; nothing is deleted."),
    "index": ("packshot.cli.index", "Add photos to a catalogue (extra: catalogue)."),
    "search": ("packshot.cli.search", "Find the product in a photo in a catalogue, or say that it is not there."),
    "catalogue": ("packshot.cli.catalogue", "Look after a catalogue: stats, verify, compact, restore, export."),
    "check": ("packshot.cli.check", "Measure finished pictures against a marketplace's rules."),
    "review": ("packshot.cli.review", "Decide on what a run was unsure of, and export it to train on."),
    "deliver": ("packshot.cli.deliver", "Bring finished pictures to a folder, a ZIP, or the file that a shop imports."),
    "explain": ("packshot.cli.explain", "Show where in a photo an answer comes from, and whether the map is true."),
    "layers": ("packshot.cli.layers", "Show what the layers of a network see (extra: train)."),
    "study": ("packshot.cli.study", "Change every photo of a set, and see what is left of the answers."),
    "models": ("packshot.cli.models", "Show the networks at hand, their licences and figures; fetch others."),
    "profiles": ("packshot.cli.profiles", "Show marketplace profiles and their rules."),
    "taxonomy": ("packshot.cli.taxonomy", "Show category trees, and take over Google's, Shopify's or your own."),
    "doctor": ("packshot.cli.doctor", "Show what this machine offers packshot and what is missing."),
    "collect": ("packshot.cli.collect", "Fetch product photos and labels from a shop's pages (extra: collect)."),
    "data": ("packshot.cli.data", "Check labelled pictures before training on them."),
    "label": ("packshot.cli.label", "Decide on photos in a local page, to train on what you decided."),
    "train": ("packshot.cli.train", "Train a recipe on your own pictures (extra: train)."),
    "evaluate": ("packshot.cli.evaluate", "Score what ships on pictures whose truth is known, with a report."),
    "leaderboard": ("packshot.cli.leaderboard", "Compare training runs in one table."),
    "serve": (
        "packshot.cli.serve",
        "Serve over HTTP, for clients of remove.bg and rembg too (extra: service).",
    ),
    "export": ("packshot.cli.export", "Turn a training run into an ONNX file that `run --model` takes (extra: train)."),
}

#: These print answers and make no files, unless an option asks for some: when nobody reads the answers they end.
_ANSWERING = {
    "caption",
    "check",
    "classify",
    "doctor",
    "duplicates",
    "frame",
    "models",
    "overlay",
    "profiles",
    "search",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, found, rest = super().resolve_command(ctx, args)
        if name not in _ANSWERING:
            outlive_reader()
        return name, found, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="packshot", prog_name="packshot")
def program() -> None:
    """From the photo a seller took to a catalogue-ready picture.

    \b
    packshot run photos/ -o out/ --profile amazon    the whole flow, with a report
    packshot cutout photos/ -o cutouts/              transparent PNGs only
    packshot check out/packshots --profile ebay      what a marketplace would say

    Exit codes: 0 all went well, 3 some inputs failed (each is named), 2 wrong usage, 1 results could not be written.
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line; errors raised on purpose become one line on stderr and an exit code."""
    keep_blas_to_one_thread()
    with safe_streams():
        code = _run(args)
    sys.exit(code)


def _shown(error: PackshotError) -> str:
    """Names of files and words of strangers drive no terminal."""
    from packshot.storage.encodable import printable

    return "\n".join(printable(line) for line in str(error).split("\n"))


def _run(args: list[str] | None) -> int:
    try:
        code = program.main(args=args, prog_name="packshot", standalone_mode=False)
        failure = print_failure()
        if failure is not None:
            raise failure
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        click.echo("stopped", err=True)
        code = 130
    except ReaderGone:  # `| head` has seen enough
        code = 0
    except PackshotError as error:
        click.echo(f"packshot: {_shown(error)}", err=True)
        code = 1 if isinstance(error, OutputError) else 2
    return code if isinstance(code, int) else 0
