"""Frames to learn from: drawn around photos, with the exact box of what they surround. Needs no torch."""
