"""``packshot explain``: where in a photo an answer comes from, and how far the map can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.cli.command import option, packshot_command
from packshot.cli.each import Output, answer_each, decoded, photos_named, shown
from packshot.cli.options import JSON, MEGAPIXELS, SOURCES, THREADS, settings_from
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Source
    from packshot.explaining import Method, Questions

__all__ = ["chosen_method", "command"]

_KEYS = ("method", "head", "label", "answer", "output", "scores", "seconds", "evidence")


@packshot_command("explain")
def command(
    sources: tuple[str, ...] = SOURCES,
    out: str = option("-o", "--out", metavar="OUT", help="Folder for the heatmaps; or NAME.png for one photo."),
    name: str = option("--method", default="cam", metavar="NAME", help="How; the list stands below."),
    head: str | None = option(
        "--head",
        metavar="NAME",
        help="Of which answer: category, tags, an attribute, frame, cutout, ready. [default: category, or the first]",
    ),
    label: str | None = option(
        "--label", metavar="NAME", help="What the map is to speak for. [default: what the network answers]"
    ),
    layer: str | None = option(
        "--layer", metavar="NAME|N", help="Of gradient methods: the layer, by name or number. [default: the last]"
    ),
    quick: bool = option("--quick", help="Do not measure deletion and insertion, which take 42 passes of the network."),
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

    \b
    packshot explain shirt.jpg -o why/
    packshot explain photos/ --head ready -o why/         which evidence asked for a review
    packshot explain photos/ --method occlusion --head cutout -o why/
    packshot explain shirt.jpg --method rise --label t-shirt -o why.png
    packshot explain photos/ --method layer-cam --layer -20 --json -o why/ > why.jsonl
    """
    from packshot.cli.pictures import Pictures, folder_of
    from packshot.cutout import ready_evidence, segmenter
    from packshot.explaining import READY, Questions, explain, product_alpha
    from packshot.explanation import draw_heatmap

    settings = settings_from(max_megapixels=max_megapixels, describe_model=describe_model, threads=threads)
    found = photos_named(sources, pictures=folder_of(out))
    pictures = Pictures(out, found, as_json=as_json)
    questions = Questions(settings)
    method = chosen_method(name, layer, questions)
    mask = segmenter(settings.model, settings)

    def look(source: Source) -> Output:
        target = pictures.target(source, "" if folder_of(out) is None else f".{name}")
        photo = decoded(source, settings.limits)
        # Of a photo in which nothing is found that is the answer to why it is not ready.
        alpha = mask(photo).alpha if head == READY else product_alpha(mask, photo)
        question = questions.ask(photo.rgb, head, label)
        why = explain(photo.rgb, question, method, name=name, alpha=alpha, truth=not quick)
        pictures.write(target, draw_heatmap(photo.rgb, why.heat))
        against = ready_evidence(photo, alpha, questions.cutout_network) if head == READY and alpha is not None else []
        row = why.row() | {"output": str(target), "evidence": [each.row() for each in against]}
        doubts = "".join(f"\n  {each.words}" for each in against if each.speaks_against)
        return Output(row, f"{shown(source)}\t{why.words}\t{target}{doubts}")

    return answer_each(found, look, as_json=as_json, nothing=dict.fromkeys(_KEYS), pictures=pictures)


def chosen_method(name: str, layer: str | None, questions: Questions) -> Method:
    """The method, with gradients where the extra is installed.

    Raises:
        UsageError: no such method or layer, or its extra is not installed.
    """
    from packshot.explaining import GRADIENTS, by_row, method_named

    if layer is not None and name not in GRADIENTS:
        raise UsageError(f"{name} has no layers", remedy=f"leave --layer out, or take {', '.join(GRADIENTS)}")
    try:
        from packshot.training.explanation import GradientMaps
    except ImportError:
        return method_named(name)
    return method_named(
        name, gradient=lambda each: by_row(GradientMaps(questions.describer.network, questions.path, each, layer=layer))
    )
