"""Products on a plain background: recognised by its border, cut out by its colour, with the network's help."""

from packshot.cutout.plain_ground.fusion import OnPlainGround, plain_ground
from packshot.cutout.plain_ground.recognition import PlainGround, recognise

__all__ = ["OnPlainGround", "PlainGround", "plain_ground", "recognise"]
