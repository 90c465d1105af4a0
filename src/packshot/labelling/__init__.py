"""A person looks at photos, uncertain ones first, and says what is right: a manifest to train on comes out.

`label_frames` is the whole of it. A detector proposes; a page served to this computer alone shows photo and
proposal; a journal keeps each decision as it is made, and the manifest is compiled from it.
"""

from packshot.labelling.answers import Decision, Detector, Proposal, Refiner, Skipped
from packshot.labelling.run import Labelled, Opened, label_frames

__all__ = ["Decision", "Detector", "Labelled", "Opened", "Proposal", "Refiner", "Skipped", "label_frames"]
