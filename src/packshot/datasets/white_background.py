"""The mask a studio picture carries in itself: everything but its white background."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.values import Alpha, Rgb

__all__ = ["white_background_alpha"]


def white_background_alpha(rgb: Rgb, *, tolerance: int = 10, convex: bool = False) -> Alpha:
    """Alpha of a studio picture: everything white that is connected to the border is background.

    The outermost pixel, which holds the white of the background, is given up; the edge gets one pixel of softness.

    Args:
        rgb: uint8 (h, w, 3) on white.
        tolerance: how far from 255 still counts as white background.
        convex: fill to the convex hull: a white carton whose face runs into the background is still a whole carton.

    Returns:
        float32 (h, w), 0..1.
    """
    white = (cv2.medianBlur(rgb, 3).min(axis=2) >= 255 - tolerance).astype(np.uint8)
    padded = cv2.copyMakeBorder(white, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, labels = cv2.connectedComponents(padded, connectivity=4)
    foreground = (labels[1:-1, 1:-1] != labels[0, 0]).astype(np.uint8)
    foreground = cv2.morphologyEx(foreground, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    points = cv2.findNonZero(foreground)
    if convex and points is not None:
        cv2.fillConvexPoly(foreground, cv2.convexHull(points), 1)
    foreground = cv2.erode(foreground, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    return np.asarray(cv2.GaussianBlur(foreground.astype(np.float32), (3, 3), 0), np.float32)
