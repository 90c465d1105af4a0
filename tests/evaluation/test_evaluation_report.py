"""The report of an evaluation: which cases it keeps, what its pictures and charts show, how it looks in a browser."""

import base64
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser

from packshot.evaluation import BASELINES, LabelledPhoto, MaskScore, score_masks, summarise
from packshot.web.charts import histogram
from packshot.web.evaluation_report import Gallery, render_report
from packshot.web.evaluation_report.pictures import EXTRA, MISSED, difference

HOSTILE = "\"><img src=x onerror=alert(1)><script>document.title='stolen'<&.jpg"


def photo(name: str, group: str = "shop") -> LabelledPhoto:
    alpha = np.zeros((60, 40), np.float32)
    alpha[10:50, 10:30] = 1
    rgb = np.full((60, 40, 3), 128, np.uint8)
    rgb[alpha > 0] = (200, 60, 40)
    return LabelledPhoto(name, group, rgb, alpha)


def shifted(alpha: np.ndarray, rows: int) -> np.ndarray:
    return np.roll(alpha, rows, axis=0)


def report(count: int = 30, *, worst: int = 4, sample: int = 3, name: str = "photo {}") -> str:
    """The i-th photo's mask is off by i rows, and its uncertainty grows with i."""
    turn = iter(range(count))

    def predict(rgb):
        index = next(turn)
        return shifted(photo("").alpha, index % 10), (index % 10) / 20

    gallery = Gallery(worst=worst, sample=sample)
    photos = [photo(name.format(index), "street" if index % 2 else "studio") for index in range(count)]
    scores = score_masks(
        photos,
        {"packshot": predict, **BASELINES},
        seen=lambda picture, alpha, score: gallery.add(picture, alpha, score) if score.method == "packshot" else None,
    )
    facts = {"Model": "red@1234", "Data": HOSTILE}
    return render_report(summarise(scores), scores, gallery, method="packshot", facts=facts, unreadable=[HOSTILE])


def score_of(name: str, iou: float) -> MaskScore:
    return MaskScore(name, "shop", "packshot", iou, iou, 0, 0, 0, 0, 0, 0, 0.1, 0.1)


def test_the_gallery_keeps_the_worst_and_a_fair_sample() -> None:
    values = np.random.default_rng(0).permutation(60) / 60
    drawn: dict[str, int] = {}
    for seed in range(40):
        gallery = Gallery(worst=5, sample=10, seed=seed)
        for index, value in enumerate(values):
            picture = photo(f"{index}")
            gallery.add(picture, picture.alpha, score_of(f"{index}", float(value)))
        worst = [case.score.iou for case in gallery.worst()]
        assert worst == sorted(values)[:5]
        sample = [case.score.name for case in gallery.sample()]
        assert not {case.score.name for case in gallery.worst()} & set(sample)
        assert 5 <= len(sample) <= 10
        for name in sample:
            drawn[name] = drawn.get(name, 0) + 1
    halves = [sum(drawn.get(str(i), 0) for i in part) for part in (range(30), range(30, 60))]
    assert min(halves) / max(halves) > 0.75, "late photos are drawn as often as early ones"


def test_missed_is_blue_and_extra_is_orange() -> None:
    rgb = np.full((4, 4, 3), (200, 90, 0), np.uint8)
    true, pred = np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.uint8)
    true[:, :2] = 255
    pred[:, 1:3] = 255
    shown = difference(rgb, pred, true).astype(int)
    assert shown[0, 1].min() == shown[0, 1].max(), "what is right is grey, also where the product is orange"
    assert np.abs(shown[0, 0] - MISSED).max() < 40
    assert np.abs(shown[0, 2] - EXTRA).max() < 40
    assert shown[0, 3].min() == shown[0, 3].max() > shown[0, 1].max(), "the background fades"


def test_cases_say_in_words_what_went_wrong() -> None:
    gallery = Gallery()
    picture = photo("a")
    half = picture.alpha.copy()
    half[30:] = 0
    for alpha in (np.zeros_like(half), half, np.ones_like(half), picture.alpha):
        gallery.add(picture, alpha, score_of("a", 0.5))
    assert [case.words for case in gallery.worst()] == [
        "Found nothing",
        "Misses 50 % of the product",
        "67 % of the mask is background",
        "Nothing to see",
    ]
    case = gallery.worst()[0]
    truth = cv2.imdecode(np.frombuffer(base64.b64decode(case.truth.split(",")[1]), np.uint8), cv2.IMREAD_UNCHANGED)
    assert truth.shape == (60, 40, 4)
    assert (truth[..., 3] == picture.alpha * 255).all(), "the truth is cut out by its own alpha"


@pytest.mark.parametrize("values", [[0.5], [1.0] * 3, [0.0], [0.2] * 12, list(np.linspace(0, 1, 999))])
def test_the_histogram_counts_every_photo_and_its_axis_has_whole_photos(values: list[float]) -> None:
    drawn = str(histogram(values))
    bars = [int(part.split("<title>")[1].split(" ")[0]) for part in drawn.split("<rect")[1:]]
    assert sum(bars) == len(values)
    ticks = [part.split("</text>")[0] for part in drawn.split('text-anchor="end">')[1:]]
    assert all(tick.isdigit() for tick in ticks if "median" not in tick)


def test_one_photo_makes_a_report_without_a_reliability(tmp_path: Path) -> None:
    page = report(count=1)
    assert "on 1 photo." in page
    assert "Too few photos" in page


@pytest.mark.browser
@pytest.mark.parametrize("width", [375, 1280])
def test_it_is_read_in_a_browser_without_script_or_request(browser: Browser, tmp_path: Path, width: int) -> None:
    path = tmp_path / "report.html"
    path.write_text(report(name="photo {} " + HOSTILE * 3), encoding="utf-8")
    complaints: list[str] = []
    requests: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    assert page.title().startswith("IoU 0.")
    assert page.inner_text("h1").endswith("on 30 photos.")
    assert [text.split()[0] for text in page.locator(".sets .name").all_inner_texts()] == ["studio", "street", "all"]
    assert page.locator(".sets tr.mine").count() == 3
    assert page.locator("svg[role=img]").count() == 3
    cards = page.locator("section[aria-labelledby=worst] .card")
    figures = [float(cards.nth(i).locator(".first dd").text_content() or "nan") for i in range(cards.count())]
    assert len(figures) == 4
    assert figures == sorted(figures)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.inner_text(".banner li") == HOSTILE, "what files are called is text, never markup"
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())
        assert image.get_attribute("alt")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing hangs over the side"
    assert complaints == []
    assert [url for url in requests if not url.startswith("data:")] == [path.as_uri()]
    context.close()
