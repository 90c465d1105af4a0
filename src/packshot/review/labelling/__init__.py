"""Labelling: a person decides on photos in a local page, uncertain ones first, and a table to train on comes out.

`label_frames` is the whole of it. A detector proposes; a page served to this computer alone shows photo and proposal;
each decision is a `packshot.review.Decision` on the frame, in a log of the same form as a review's.
"""

from packshot.review.labelling.proposal import Detector, Proposal, Refiner, Skipped
from packshot.review.labelling.run import Labelled, Opened, label_frames

__all__ = ["Detector", "Labelled", "Opened", "Proposal", "Refiner", "Skipped", "label_frames"]
