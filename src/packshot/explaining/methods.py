"""The ways to explain, by name: from a photo and a question to a map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from packshot.errors import UsageError
from packshot.explaining.question import Question
from packshot.explanation import Heat, centre_map, edge_map, occlusion_map, random_map, rise_map
from packshot.extras import installing
from packshot.values import Rgb

__all__ = ["CONTROLS", "GRADIENTS", "METHODS", "Maps", "Method", "by_row", "method_for", "method_named"]

#: From a photo and a question to a map of any size and range: what is high speaks for the answer.
Method = Callable[[Rgb, Question], Heat]

#: From a photo and a label's number among the network's logits to a map.
Maps = Callable[[Rgb, int], Heat]


def _cam(rgb: Rgb, question: Question) -> Heat:
    if question.cam is None:
        raise UsageError(
            f"{question.network} gives no class-activation map of {question.head}",
            remedy="take a method that needs none: --method occlusion or --method rise",
        )
    return question.cam(rgb)


#: Those that need the network's answers alone.
METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "cam": _cam,
        "occlusion": lambda rgb, question: occlusion_map(question.evidence, rgb),
        "rise": lambda rgb, question: rise_map(question.evidence, rgb),
    }
)

#: Those that look at no network: what the others have to beat.
CONTROLS: Mapping[str, Method] = MappingProxyType(
    {
        "centre": lambda rgb, _: centre_map(rgb),
        "edges": lambda rgb, _: edge_map(rgb),
        "random": lambda rgb, _: random_map(rgb),
    }
)

#: Those that need gradients, made by `packshot.training.gradients` (extra ``train``).
GRADIENTS = ("grad-cam", "grad-cam++", "layer-cam", "integrated-gradients")


def method_named(name: str, *, gradient: Callable[[str], Method] | None = None) -> Method:
    """A method by its name.

    Args:
        name: of `METHODS`, `CONTROLS` or `GRADIENTS`.
        gradient: makes the last; None where the extra is not there.

    Raises:
        UsageError: no such method, or the extra it needs is not installed.
    """
    if found := METHODS.get(name) or CONTROLS.get(name):
        return found
    if name not in GRADIENTS:
        raise UsageError(f"no method {name!r}", remedy=f"take {', '.join([*METHODS, *GRADIENTS, *CONTROLS])}")
    if gradient is None:
        raise UsageError(f"{name} needs gradients", remedy=installing("train"))
    return gradient(name)


def method_for(name: str, layer: str | None, *, maker: Callable[[str, str | None], Maps] | None) -> Method:
    """A method by its name, with gradients where they can be had.

    Args:
        name: of `METHODS`, `CONTROLS` or `GRADIENTS`.
        layer: whose activations a gradient method weighs; None for the last feature map.
        maker: from the name of a gradient method and a layer to its maps, see `packshot.training.explanation`; None
            where the extra is not there.

    Raises:
        UsageError: no such method or layer, the method has no layers, or the extra is not installed.
    """
    if layer is not None and name not in GRADIENTS:
        raise UsageError(f"{name} has no layers", remedy=f"leave --layer out, or take {', '.join(GRADIENTS)}")
    if maker is None:
        return method_named(name)
    return method_named(name, gradient=lambda each: by_row(maker(each, layer)))


def by_row(maps: Maps) -> Method:
    """A gradient method, whose maps are asked for by the label's number among the network's logits."""

    def explain(rgb: Rgb, question: Question) -> Heat:
        if question.row is None:
            raise UsageError(
                f"{question.head} has no logit to take a gradient of",
                remedy="take a method that needs none: --method occlusion or --method rise",
            )
        return maps(rgb, question.row)

    return explain
