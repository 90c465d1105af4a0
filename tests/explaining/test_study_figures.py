"""What a study's figures and its report say of given answers."""

from __future__ import annotations

import re

import pytest

from packshot.evaluation.changes import ChangeFigures
from packshot.explaining.study.answers import Changed, PhotoAnswers
from packshot.explaining.study.curves import dose_curves
from packshot.explaining.study.figures import study_figures, worst
from packshot.web.line_chart import Series


def answers(product: str, rights: str, *, control: bool = True) -> list[PhotoAnswers]:
    """Photos of a product; of each, whether it is still answered rightly when grey (+ or -); all were as they are."""
    said = {"+": Changed(label="shirt", right=True, logit=1.0), "-": Changed(label="dress", right=False, logit=-1.0)}
    return [
        PhotoAnswers(
            photo=f"{product}-{at}",
            pictures=("a", "b"),
            product=product,
            true="shirt",
            plain=said["+"],
            changed={"grey": said[right], **({"grey (control)": said["+"]} if control else {})},
        )
        for at, right in enumerate(rights)
    ]


def test_photos_of_one_product_are_one_piece_of_evidence() -> None:
    """Ten wrong photos of one product are one product in 12: the exact sign test of 1 against 0 gives p = 1."""
    one = [*answers("a", "-" * 10), *(each for at in range(11) for each in answers(f"b{at}", "+"))]
    grey = next(row for row in study_figures(one) if row.name == "grey")
    assert grey.p == 1
    several = [each for at in range(12) for each in answers(f"c{at}", "-" if at < 10 else "+")]
    grey = next(row for row in study_figures(several) if row.name == "grey")
    assert grey.p == pytest.approx(2 * 2 / 2**10), "ten products against none, and Holm doubles the least of two"


def test_a_product_counts_by_what_more_of_its_photos_say() -> None:
    mixed = [each for at in range(12) for each in answers(f"p{at}", "+-")]
    grey = next(row for row in study_figures(mixed) if row.name == "grey")
    assert grey.p == pytest.approx(2 * 2 / 2**12), "each product has one photo more that was right before"


def test_a_control_is_of_the_photos_that_have_room_for_it() -> None:
    found = [each for at in range(14) for each in answers(f"p{at}", "+", control=at < 11)]
    rows = {row.name: row for row in study_figures(found)}
    assert (rows["grey"].photos, rows["grey (control)"].photos) == (14, 11)
    assert len(worst(found, "grey (control)", count=20)) == 11
    few = [each for at in range(14) for each in answers(f"p{at}", "+", control=at < 9)]
    assert {row.name for row in study_figures(few)} == {"", "grey"}, "nine products are too few for an interval"


def _points(chart: str) -> list[str]:
    """Of the first curve that has a name."""
    return re.findall(r'points="([^"]+)"><title>', chart)[0].split()


def figures(name: str, accuracy: float | None, flips: float) -> ChangeFigures:
    return ChangeFigures(name, 12, accuracy, accuracy and (0, 1), flips, (0, 1), -1.0, (-2, 0))


def test_doses_of_one_kind_make_a_curve() -> None:
    rows = [
        figures("", 0.9, 0),
        figures("saturation 0", 0.5, 0.4),
        figures("saturation 0.5", 0.8, 0.1),
        figures("jpeg 90", 0.9, 0.0),
        figures("jpeg 5", 0.6, 0.3),
        figures("grey", 0.5, 0.4),
        figures("hue 90", 0.7, 0.2),
        figures("hidden saturation 1", 0.7, 0.2),
    ]
    curves = {curve.kind: curve for curve in dose_curves(rows)}
    assert set(curves) == {"saturation", "jpeg"}
    points = [(point.dose, point.accuracy, point.same) for point in curves["saturation"].points]
    assert points == [(0, 0.5, 0.6), (0.5, 0.8, 0.9), (1, 0.9, 1)], "at 1 the photos are as they are"
    assert [point.dose for point in curves["jpeg"].points] == [5, 90], "no quality leaves a photo as it is"
    assert "answered rightly" in curves["jpeg"].chart
    assert ">0</text>" in curves["saturation"].chart, "shares are drawn from 0 on, so that little looks like little"
    heights = [float(point.split(",")[1]) for point in _points(curves["saturation"].chart)]
    assert heights[:3] == pytest.approx([34 + 250 * (1 - share) for share in (0.5, 0.8, 0.9)]), (
        "250 pixels from 0 to 1, below a title"
    )
    unknown = dose_curves([figures("", None, 0), figures("hue 90", None, 0.2), figures("hue 180", None, 0.3)])
    assert "answered rightly" not in unknown[0].chart


def test_a_curve_lies_within_the_band_of_its_intervals() -> None:
    """The same answer is what flips leave: its interval is that of the flips, from the other side."""
    rows = [ChangeFigures("", 12, 1.0, (0.9, 1.0), 0, (0, 0), 0, (0, 0))]
    for dose, share in ((0.25, 0.8), (0.5, 0.4)):
        between = (share - 0.2, share + 0.1)
        rows.append(ChangeFigures(f"blend {dose}", 12, share, between, 0.1, (0.0, 0.3), -1.0, (-2, 0)))
    (curve,) = dose_curves(rows)
    assert [point.accuracy_interval for point in curve.points] == [
        (0.9, 1.0), pytest.approx((0.6, 0.9)), pytest.approx((0.2, 0.5)),
    ]  # fmt: skip
    assert [point.same_interval for point in curve.points] == [(1, 1), pytest.approx((0.7, 1)), pytest.approx((0.7, 1))]
    right, same = re.findall(r'<polygon [^>]*points="([^"]+)"', curve.chart)
    heights = [float(point.split(",")[1]) for point in right.split()]
    assert heights == pytest.approx([284 - 250 * share for share in (0.9, 0.6, 0.2, 0.5, 0.9, 1.0)], abs=0.06)
    across = [float(point.split(",")[0]) for point in right.split()]
    assert across == across[::-1], "there and back"
    assert len(same.split()) == 6


def test_a_band_has_as_many_numbers_as_its_curve() -> None:
    with pytest.raises(ValueError, match=r"expected as many numbers everywhere, got \[2, 2, 1, 2\]"):
        Series("mine", [0, 1], [0, 1], within=([0], [1, 1]))
