"""Frames around a photo: found by rules or by the network, refined to the pixel, removed when it is sure."""
