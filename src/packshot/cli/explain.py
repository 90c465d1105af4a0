"""``packshot explain``: where in a photo an answer comes from, and how far the map can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from packshot.cli.command import option, packshot_command
from packshot.cli.each import Output, answer_each, photos_named
from packshot.cli.heatmap_options import HeatmapStyle
from packshot.cli.options import JSON, MEGAPIXELS, SOURCES, THREADS, settings_from
from packshot.cli.printing import print_row
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Source
    from packshot.settings import Settings

__all__ = ["command"]

_KEYS = ("method", "head", "label", "answer", "sane", "output", "scores", "seconds", "evidence")


@packshot_command("explain")
def command(
    *,
    sources: tuple[str, ...] = SOURCES,
    out: str | None = option(
        "-o",
        "--out",
        stdout=True,
        metavar="OUT",
        help="Folder for the heatmaps; or NAME.png for one photo. Not for a run's folder.",
    ),
    name: str | None = option(
        "--method",
        metavar="NAME",
        help="How; the list stands below. [default: cam where the answer has one, else occlusion]",
    ),
    head: str | None = option(
        "--head",
        metavar="NAME",
        help="Of which answer: category, tags, an attribute, frame, cutout, ready. [default: category, or the first]",
    ),
    labels: tuple[str, ...] = option(
        "--label",
        metavar="NAME",
        help="What the map is to speak for; several are summed. [default: what the network answers]",
    ),
    layer: str | None = option(
        "--layer", metavar="NAME|N", help="Of gradient methods: the layer, by name or number. [default: the last]"
    ),
    quick: bool = option("--quick", help="Do not measure deletion and insertion, which take 42 passes of the network."),
    style: HeatmapStyle,
    describe_model: str | None = option(
        "--model", once=True, metavar="NAME|FILE", help="The network that describes. [default: describe]"
    ),
    threads: int | None = THREADS,
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
) -> int:
    """Show where in a photo an answer comes from, and how far the map can be trusted.

    Methods: cam (class-activation map, in the same pass), occlusion and rise (any network, any answer); grad-cam,
    grad-cam++, layer-cam and integrated-gradients (extra: train); and centre, edges, random, which look at no network
    and are what a method has to beat. `deletion` is the answer left while the hottest pixels are blurred away (less is
    better), `insertion` the answer while they come in (more is better), `energy` the share of heat on the product.

    The folder of a `packshot run`, alone and without -o: why each of its photos was called what it was, and which
    evidence asked for a review, with the places marked; kept in its why/ and shown by its report.

    \b
    packshot explain out/                                 a run: then open its report.html
    packshot explain shirt.jpg -o why/
    packshot explain photos/ --head ready -o why/         which evidence asked for a review
    packshot explain photos/ --head frame -o why/         what the frame network saw
    packshot explain photos/ --method rise --head cutout -o why/
    packshot explain shirt.jpg --method rise --label t-shirt -o why.png
    packshot explain photos/ --head tags --label belt --label bag --colours jet --opacity 0.5 -o why/
    packshot explain photos/ --method layer-cam --layer -20 --json -o why/ > why.jsonl
    """
    from packshot.storage.lock import folder_lock

    if out is None and len(sources) == 1:  # into the folder of a run
        folder_lock(Path(sources[0])).refuse()
    from packshot.batch.reading import decoded
    from packshot.cli.gradients import gradient_maker
    from packshot.cli.pictures import Pictures, folder_of
    from packshot.explaining import Explainer

    settings = settings_from(max_megapixels=max_megapixels, describe_model=describe_model, threads=threads)
    if out is None:
        return _run_explained(sources, settings, as_json=as_json)
    found = _photos(sources, out)
    pictures = Pictures(out, found, as_json=as_json)
    explain = Explainer(
        settings, name, head=head, labels=labels, layer=layer, gradients=gradient_maker, truth=not quick
    )

    def explained(source: Source) -> Output:
        target = pictures.target(source, "" if folder_of(out) is None else f".{explain.method}")
        photo = decoded(source, settings.limits)
        why = explain(photo)
        pictures.write(target, style.draw(photo.rgb, why.explanation.heat))
        line = f"{source.shown}\t{why.explanation.words}\t{target}"
        return Output(why.row() | {"output": str(target)}, "\n  ".join((line, *why.notes)))

    return answer_each(found, explained, as_json=as_json, nothing=dict.fromkeys(_KEYS), pictures=pictures)


def _photos(sources: tuple[str, ...], out: str) -> list[Source]:
    from packshot.cli.pictures import folder_of
    from packshot.records import is_run_folder

    try:
        return photos_named(sources, pictures=folder_of(out))
    except UsageError as error:
        if len(sources) == 1 and is_run_folder(Path(sources[0])):
            remedy = f"leave -o out, and they go to {Path(sources[0]) / 'why'}; or {error.remedy}"
            raise UsageError(f"{sources[0]} is the folder of a run", remedy=remedy) from error
        raise


def _run_explained(sources: tuple[str, ...], settings: Settings, *, as_json: bool) -> int:
    """The photos of one run, into its own folder.

    Raises:
        UsageError: it is no run's folder, or there are several.
    """
    from packshot.cli.progress import Bar
    from packshot.explaining.run import explain_run, left_to_explain
    from packshot.records import is_run_folder

    if len(sources) != 1 or not is_run_folder(Path(sources[0])):
        raise UsageError(
            "without -o one output folder of `packshot run` is explained", remedy="add -o FOLDER for the heatmaps"
        )
    folder = Path(sources[0])
    with Bar(len(left_to_explain(folder)), unit="photo") as bar:
        found = explain_run(folder, settings, progress=bar.step)
    print_row({**found.row(), "error": None}, found.words, as_json=as_json)
    return 3 if found.unreadable else 0
