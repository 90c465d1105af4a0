"""Description: what is in a photo, where, and how sure."""

from packshot.description.captioner import Captioner
from packshot.description.finder import NO_DESCRIPTION, describe, describer, describer_fingerprint, required_describer
from packshot.description.network import Describer
from packshot.description.reading import Reading

__all__ = [
    "NO_DESCRIPTION",
    "Captioner",
    "Describer",
    "Reading",
    "describe",
    "describer",
    "describer_fingerprint",
    "required_describer",
]
