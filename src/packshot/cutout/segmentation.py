"""From a photo to its mask: the network's alpha, brought to the photo's size, with its uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from packshot.cutout.cleanup import clean_up
from packshot.cutout.closed_form import closed_form, require_pymatting
from packshot.cutout.grabcut import grabcut
from packshot.cutout.maps import find_maps
from packshot.cutout.matte import enlarge, enlarge_finely, without_haze
from packshot.cutout.plain_background import OnPlainBackground, plain_background
from packshot.cutout.product import choose_product, keep_largest
from packshot.cutout.readiness import check_rule, readiness, reasons
from packshot.cutout.second_look import Looks, look
from packshot.cutout.signals import disagreement, measure_fringe, measure_signals
from packshot.cutout.uncertainty import require_subject, uncertainty
from packshot.errors import UsageError
from packshot.photo import GIVEN_ALPHA, given_mask
from packshot.runtime import Network, load
from packshot.runtime.preprocessing import resize
from packshot.runtime.task import SEGMENTATION
from packshot.settings import Matte, Settings, Several, Subject
from packshot.subject import find_subject
from packshot.values import Alpha, Box, Doubt, Mask, Photo, Rgb

__all__ = ["GIVEN_ALPHA", "GRABCUT", "GRABCUT_BOX", "model_fingerprint", "segment", "segmenter", "uncontradicted"]

#: The model name that asks for GrabCut instead of a network.
GRABCUT = "grabcut"
#: GrabCut again, in a box around what the shipped network finds.
GRABCUT_BOX = "grabcut-box"

_COARSE = "cutout"
_CONTRADICTION = 0.05  # of the product: what colour and network firmly disagree about
_BOX_MARGIN = 0.03  # of the coarse box's sides: a network's outline falls short here and there


def segmenter(model: str, settings: Settings) -> Callable[[Photo], Mask]:
    """What turns photos into masks: a network by name or file, or GrabCut.

    Args:
        model: a name of `packshot.runtime.available`, the path of an ``.onnx`` file, ``grabcut`` or ``grabcut-box``.
        settings: provider, threads, store, licence policy, and the matte.

    Raises:
        ModelError: the network cannot be used, or is for another task; see `packshot.runtime.load`.
        UsageError: the matte needs an extra that is not installed.
    """
    find = _finder(model, settings)
    if settings.matte is not Matte.CLOSED_FORM:
        return find
    require_pymatting()
    return lambda photo: _with_closed_form(photo, find(photo))


def model_fingerprint(model: str, settings: Settings) -> str:
    """Changes whenever the masks of `segmenter` could: with the network, its card, and what it is used for."""
    if model == GRABCUT:
        return GRABCUT
    fingerprint = _network(model, settings).fingerprint
    return f"{GRABCUT_BOX}:{fingerprint}" if model == GRABCUT_BOX else fingerprint


def _finder(model: str, settings: Settings) -> Callable[[Photo], Mask]:
    if model in {GRABCUT, GRABCUT_BOX} and (settings.subject, settings.several) != (Subject.AUTO, Several.ALL):
        raise UsageError(
            f"{model} finds what stands out, and all of it",
            remedy="leave --subject and --several out, or use the network that ships (--model cutout)",
        )
    if model in {GRABCUT, GRABCUT_BOX} and settings.matte is Matte.FINE:
        raise UsageError(f"{model} finds its own edges", remedy="leave --matte fine out, or use a network")
    if model == GRABCUT:
        return lambda photo: _given(photo) or _grabcut(photo, None)
    network = _network(model, settings)
    if model == GRABCUT_BOX:
        return lambda photo: _given(photo) or _grabcut(photo, _coarse_box(photo, network))
    check_rule(network.card.ready)
    plain, subject, several = settings.plain_ground, settings.subject, settings.several
    edges = enlarge_finely if settings.matte is Matte.FINE else enlarge
    return lambda photo: segment(photo, network, plain=plain, subject=subject, several=several, edges=edges)


def _network(model: str, settings: Settings) -> Network:
    return load(_COARSE if model == GRABCUT_BOX else model, settings, task=SEGMENTATION)


def segment(
    photo: Photo,
    network: Network,
    *,
    plain: bool = True,
    subject: Subject = Subject.AUTO,
    several: Several = Several.ALL,
    edges: Callable[[Alpha, Rgb, Rgb], Alpha] = enlarge,
) -> Mask:
    """Find the product.

    On a plain background the background's colour decides, and the network where colour cannot; see `plain_background`.
    Any smooth background's colours open what the network filled; see `packshot.cutout.seen_through`. Where the network
    is unsure it looks at the mirror image, too; see `packshot.cutout.second_look`.

    Args:
        photo: if it has an alpha of its own that outlines something (it was cut out before), that is the mask, and no
            network runs.
        network: gives float32 (1, 1, h', w') in 0..1.
        plain: let the background's colours help; without it the network decides alone.
        subject: what is cut out.
        several: of several products, all or the largest.
        edges: from the small alpha, float32 (h', w'), the photo and its copy at that size to an alpha of its size.

    Returns:
        A mask of the photo's size.

    Raises:
        NothingToCutOut: the mask is empty, fills the photo, or is hopeless.
        ModelMismatch: the network is no segmentation network, or does not tell the subject from the rest.
    """
    given = _given(photo)
    if given is not None:
        return given
    looks = look(photo.rgb, network, openings=plain)
    maps, seen = looks.maps, looks.maps.photo(photo.rgb)
    probability, doubts = choose_product(maps, subject)
    # A part of what stands out is not told from the rest by the colour of the background.
    whole = probability is maps.alpha
    on_plain, contradicted = uncontradicted(photo.rgb, probability) if plain and whole else (None, False)
    if on_plain is not None:
        alpha, doubt, shadow = on_plain.alpha, on_plain.uncertainty, on_plain.shadow
    else:
        alpha, doubt = clean_up(edges(without_haze(probability), photo.rgb, seen)), _doubt(looks, probability)
        shadow = None
    require_subject(alpha, doubt=doubt, source=photo.source)
    alpha, parts = keep_largest(alpha, several)
    # The rule was fitted to all that stands out; of a garment within a person the network's errors are not known.
    rule = network.card.ready if subject is Subject.AUTO else None
    ready, sure = None, False
    if rule is not None:
        small = resize(alpha, size=(seen.shape[1], seen.shape[0]))
        signals = measure_signals(maps, probability, small, seen, plain=on_plain is not None)
        ready, signals = readiness(
            signals,
            rule,
            look_at_edge=lambda: measure_fringe(probability, small, seen),
            look_again=lambda: disagreement(looks.first, looks.again()),
        )
        sure = ready >= rule.threshold
        doubts = doubts if sure else tuple(dict.fromkeys((*doubts, *reasons(signals, rule))))
    if contradicted and not sure:
        doubts = (*doubts, Doubt.GROUND)
    return Mask(alpha, doubt, model=network.id, ready=ready, doubts=doubts, parts=parts, shadow=shadow)


def uncontradicted(rgb: Rgb, probability: Alpha) -> tuple[OnPlainBackground | None, bool]:
    """The mask that a plain background's colour gives, unless the network firmly says otherwise.

    Args:
        rgb: uint8 (h, w, 3).
        probability: float32 (h', w') in 0..1, of the network.

    Returns:
        None where the background is not plain or the network contradicts; and whether that is why.
    """
    on_plain = plain_background(rgb, probability)
    if on_plain is None or on_plain.contradiction <= _CONTRADICTION:
        return on_plain, False
    return None, True  # by a sky, a table, a black corner: the network is nearly always right


def _probability(photo: Photo, network: Network) -> Alpha:
    return find_maps(photo.rgb, network).alpha


def _doubt(looks: Looks, probability: Alpha) -> float:
    return looks.uncertainty if probability is looks.maps.alpha else uncertainty(probability)


def _grabcut(photo: Photo, box: Box | None) -> Mask:
    mask = grabcut(photo, box=box)
    require_subject(mask.alpha, doubt=mask.uncertainty, source=photo.source)
    return mask


def _coarse_box(photo: Photo, network: Network) -> Box:
    """Around what the network finds, with a margin.

    Raises:
        NothingToCutOut: it finds nothing, or no background.
    """
    probability = _probability(photo, network)
    require_subject(probability, doubt=0.0, source=photo.source)
    found = find_subject(np.asarray(probability >= 0.5, np.float32))
    assert found is not None  # noqa: S101 - an empty mask was refused two lines above
    across, down = photo.width / probability.shape[1], photo.height / probability.shape[0]
    wide, high = found.box.width * _BOX_MARGIN, found.box.height * _BOX_MARGIN
    return Box(
        max(0, int((found.box.x0 - wide) * across)),
        max(0, int((found.box.y0 - high) * down)),
        min(photo.width, int((found.box.x1 + wide) * across) + 1),
        min(photo.height, int((found.box.y1 + high) * down) + 1),
    )


def _with_closed_form(photo: Photo, mask: Mask) -> Mask:
    if mask.model == GIVEN_ALPHA:
        return mask
    return replace(mask, alpha=closed_form(mask.alpha, photo.rgb, uncertainty=mask.uncertainty))


def _given(photo: Photo) -> Mask | None:
    mask = given_mask(photo)
    if mask is not None:
        require_subject(mask.alpha, doubt=0.0, source=photo.source)
    return mask
