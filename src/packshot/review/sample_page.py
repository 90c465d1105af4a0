"""A page that shows some photos with their pictures, to look at before many are decided on at once."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from packshot.batch.thumbnails import thumbnail
from packshot.errors import PackshotError
from packshot.photo import decode
from packshot.review.cases import Case
from packshot.review.review import Review
from packshot.review.selection import sample
from packshot.review.summary import category_words, reasons
from packshot.storage import write_atomic
from packshot.web.sample_sheet import SampleRow, sample_sheet

__all__ = ["sample_page", "write_sample"]

_FILE = "sample.html"


def write_sample(review: Review, cases: Sequence[Case], count: int) -> tuple[list[Case], Path]:
    """Write the page of a sample into ``OUT/review``; gives the sample and the page.

    Args:
        review: the results.
        cases: the photos, in the order of the queue.
        count: how many are shown.
    """
    some, page = sample(cases, count), review.out / "review" / _FILE
    write_atomic(page, sample_page(review, some, total=len(cases)))
    return some, page


def sample_page(review: Review, cases: Sequence[Case], *, total: int) -> bytes:
    """An HTML page of photos and what was made of them, in one file; a picture that cannot be read is left out.

    Args:
        review: the results.
        cases: the sample.
        total: photos it was drawn from.
    """
    return sample_sheet([_row(review, case) for case in cases], total=total).encode()


def _row(review: Review, case: Case) -> SampleRow:
    before, after = None, None
    with contextlib.suppress(PackshotError):
        before = thumbnail(review.photo(case.source).rgb)
    file = case.record.packshot or case.record.cutout
    if file is not None:
        with contextlib.suppress(PackshotError):
            after = thumbnail(decode(review.out / file, limits=review.limits).rgb)
    return SampleRow(case.source, before, after, category_words(case), tuple(reasons(case)))
