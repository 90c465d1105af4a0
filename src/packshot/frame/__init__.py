"""Frames around a photo: found by the network or by rules, refined to the pixel, removed where it is sure."""

from packshot.frame.classical import classical_frame
from packshot.frame.finder import NO_DETECTION, frame_finder, frame_fingerprint
from packshot.frame.network import CLASSICAL, FrameDetector, detect_frame, frame_detector
from packshot.frame.refine import refine_box
from packshot.frame.removal import Unframed, can_remove, crop_to, frame_row, remove_frame, unframe

__all__ = [
    "CLASSICAL",
    "NO_DETECTION",
    "FrameDetector",
    "Unframed",
    "can_remove",
    "classical_frame",
    "crop_to",
    "detect_frame",
    "frame_detector",
    "frame_finder",
    "frame_fingerprint",
    "frame_row",
    "refine_box",
    "remove_frame",
    "unframe",
]
