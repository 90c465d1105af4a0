"""Products on a plain background: recognised by its border, cut out by its colour, with the network's help."""

from packshot.cutout.plain_background.fusion import OnPlainBackground, plain_background
from packshot.cutout.plain_background.recognition import PlainBackground, recognise

__all__ = ["OnPlainBackground", "PlainBackground", "plain_background", "recognise"]
