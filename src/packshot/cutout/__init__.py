"""The product without its background: mask, soft edges, edge colours, and how far to trust them."""

from packshot.cutout.cleanup import clean_up
from packshot.cutout.closed_form import closed_form
from packshot.cutout.corrected import CorrectedMask, MaskRequest, corrected_mask
from packshot.cutout.correction import correct_mask, mask_in, mask_reader, strokes_by_stem
from packshot.cutout.cut import cut_out, picture_of
from packshot.cutout.cutter import CutPhoto, Cutter
from packshot.cutout.edge_colour import foreground_colours
from packshot.cutout.evidence import Evidence, ready_evidence
from packshot.cutout.interactive import refine
from packshot.cutout.matte import upsample
from packshot.cutout.overlay import overlay
from packshot.cutout.plain_background import OnPlainBackground, plain_background
from packshot.cutout.segmentation import (
    GIVEN_ALPHA,
    GRABCUT,
    GRABCUT_BOX,
    model_fingerprint,
    segment,
    segmenter,
    uncontradicted,
)
from packshot.cutout.signals import Signals, disagreement, measure_fringe, measure_signals, smoke_share
from packshot.cutout.strokes import Stroke, Strokes
from packshot.cutout.trimap import trimap
from packshot.cutout.uncertainty import require_subject

__all__ = [
    "GIVEN_ALPHA",
    "GRABCUT",
    "GRABCUT_BOX",
    "CorrectedMask",
    "CutPhoto",
    "Cutter",
    "Evidence",
    "MaskRequest",
    "OnPlainBackground",
    "Signals",
    "Stroke",
    "Strokes",
    "clean_up",
    "closed_form",
    "correct_mask",
    "corrected_mask",
    "cut_out",
    "disagreement",
    "foreground_colours",
    "mask_in",
    "mask_reader",
    "measure_fringe",
    "measure_signals",
    "model_fingerprint",
    "overlay",
    "picture_of",
    "plain_background",
    "ready_evidence",
    "refine",
    "require_subject",
    "segment",
    "segmenter",
    "smoke_share",
    "strokes_by_stem",
    "trimap",
    "uncontradicted",
    "upsample",
]
