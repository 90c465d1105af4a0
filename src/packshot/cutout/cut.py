"""From photo and mask to the product alone."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from packshot.cutout.edge_colour import foreground_colours
from packshot.photo import grey_of
from packshot.values import Alpha, Cutout, Grey, Mask, Photo, Rgb, Rgba

__all__ = ["cut_out", "picture_of"]


def cut_out(photo: Photo, mask: Mask) -> Cutout:
    """Cut the product out, with its own colours along the edge.

    Args:
        photo: upright sRGB.
        mask: of the photo's size.

    Returns:
        Straight RGBA of the photo's size; see `foreground_colours` for the colour of transparent pixels. A
        photo that came with its own alpha is known to lie on white, so there the white is taken out exactly. A
        photographed shadow is rounded to 8 bits, as alpha is: files hold both exactly.

    Raises:
        ValueError: photo and mask differ in size.
    """
    if mask.alpha.shape != photo.rgb.shape[:2]:
        raise ValueError(f"mask: expected {photo.rgb.shape[:2]} like the photo, got {mask.alpha.shape}")
    opacity = grey_of(mask.alpha)
    alpha = opacity.astype(np.float32) * np.float32(1 / 255)
    colours = foreground_colours(photo.rgb, alpha)
    if photo.alpha is mask.alpha:
        colours = _lift_off_white(photo.rgb, alpha, colours)
    rgba = np.asarray(cv2.merge((colours, opacity)), np.uint8)
    if mask.shadow is not None:
        shadow = np.rint(mask.shadow * np.float32(255)) * np.float32(1 / 255)
        mask = replace(mask, shadow=np.asarray(shadow, np.float32))
    return Cutout(rgba=rgba, mask=mask, source_type=photo.source_type)


def picture_of(photo: Photo, mask: Mask, *, grey: bool) -> Rgba | Grey:
    """The cut-out as straight RGBA, uint8 (h, w, 4); with `grey` the mask alone, uint8 (h, w), 255 the product."""
    return grey_of(mask.alpha) if grey else cut_out(photo, mask).rgba


def _lift_off_white(rgb: Rgb, alpha: Alpha, estimated: Rgb) -> Rgb:
    """Solve ``rgb = alpha * colour + (1 - alpha) * white`` where alpha is large enough to tell."""
    known = alpha > 0.1
    exact = 255 - (255 - rgb[known].astype(np.float32)) / alpha[known][:, None]
    colours = estimated.copy()
    colours[known] = np.rint(np.clip(exact, 0, 255))
    return colours
