"""Finished pictures out to where they are sold: a folder or ZIP with a table, or the file that a shop imports.

What persons decided is obeyed; what they have not decided stays behind. ``OUT/delivery`` remembers what was delivered
where, so that the next delivery brings only what changed.
"""

from packshot.delivery.addresses import Addresses
from packshot.delivery.delivering import deliver
from packshot.delivery.outcome import Change, Delivered
from packshot.delivery.target import Target, TargetKind
from packshot.delivery.wishes import Wishes

__all__ = ["Addresses", "Change", "Delivered", "Target", "TargetKind", "Wishes", "deliver"]
