"""What of a review opens photos, and therefore happens in a worker process."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.cutout import Strokes
from packshot.errors import NothingToCutOut
from packshot.photo import encode
from packshot.resizing import downscaled
from packshot.review import Review, png_of
from packshot.review.masks import mask_by_strokes
from packshot.review.places import doubt_places
from packshot.service.job import Answer
from packshot.service.reviewing.bodies import Said
from packshot.service.reviewing.deciding import decide_one
from packshot.service.reviewing.places import Place
from packshot.service.tools import Tools
from packshot.values import Rgb

__all__ = ["DecideJob", "DoubtPlaces", "MaskPicture", "PhotoPicture", "StrokesJob"]

_QUALITY = 90


@dataclass(frozen=True, slots=True)
class PhotoPicture:
    """A photo as a screen shows it: upright, sRGB, without metadata.

    Attributes:
        place: of the review.
        source: the photo.
        side: its longer side at most, in pixels; None for its own size.
    """

    place: Place
    source: str
    side: int | None

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        with tools.at("decode"):
            photo = _opened(tools, self.place).photo(self.source)
        with tools.at("encode"):
            content = encode(_smaller(photo.rgb, self.side), format="JPEG", quality=_QUALITY).data
        return Answer(content, "image/jpeg", {"X-Width": str(photo.width), "X-Height": str(photo.height)})


@dataclass(frozen=True, slots=True)
class MaskPicture:
    """The mask that is shown, in the photo's own pixels.

    Attributes:
        place: of the review.
        source: the photo.
        under: whether the one that strokes start from is wanted.
    """

    place: Place
    source: str
    under: bool = False

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        review = _opened(tools, self.place)
        with tools.at("decode"):
            alpha = review.mask_under_strokes(self.source)[0] if self.under else review.mask(self.source)
        if alpha is None:
            raise NothingToCutOut("the photo has no mask", remedy="draw one, by strokes with a box")
        with tools.at("encode"):
            return Answer(png_of(alpha), "image/png")


@dataclass(frozen=True, slots=True)
class DoubtPlaces:
    """Where the mask gives reason for its doubts.

    Attributes:
        place: of the review.
        source: the photo.
    """

    place: Place
    source: str

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        review = _opened(tools, self.place)
        with tools.at("decode"):
            alpha = review.mask(self.source)
        with tools.at("places"):
            found = [] if alpha is None else doubt_places(alpha, review.records.one(self.source).doubts)
        return Answer(data={"places": [{"doubt": one.doubt.value, "box": one.box.as_tuple()} for one in found]})


@dataclass(frozen=True, slots=True)
class StrokesJob:
    """The mask that strokes make, shown or decided.

    Attributes:
        place: of the review.
        source: the photo.
        strokes: in pixels of the upright photo.
        by: who decides; None to see it alone.
        token: of what was looked at.
        known: number of the last line of the log that was seen.
    """

    place: Place
    source: str
    strokes: Strokes
    by: str | None = None
    token: str | None = None
    known: int | None = None

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        review = _opened(tools, self.place)
        with tools.at("strokes"):
            alpha, under = mask_by_strokes(review, self.source, self.strokes, name="the strokes")
        with tools.at("encode"):
            content = png_of(alpha)
        if self.by is not None:
            review.correct_by_strokes(
                self.source, self.strokes, alpha, by=self.by, under=under, token=self.token, known=self.known
            )
        return Answer(content, "image/png")


@dataclass(frozen=True, slots=True)
class DecideJob:
    """A decision that has to look at the photo.

    Attributes:
        place: of the review.
        source: the photo.
        said: what is said of it.
        by: who decides.
        token: of what was looked at.
        known: number of the last line of the log that was seen.
    """

    place: Place
    source: str
    said: Said
    by: str
    token: str | None
    known: int | None = None

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        review = _opened(tools, self.place)
        decide_one(
            review, self.source, self.said, by=self.by, token=self.token, settings=tools.settings, known=self.known
        )
        return Answer(data={})


def _opened(tools: Tools, place: Place) -> Review:
    review = tools.keep(("review", place.out), place.open)
    review.refresh()
    return review


def _smaller(rgb: Rgb, side: int | None) -> Rgb:
    return rgb if side is None else downscaled(rgb, side)
