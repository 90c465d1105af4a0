"""The labelling page in a browser: a folder of photos, a detector that is known, and a person at the page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Dialog, Page, expect
from skimage import data

from packshot.batch import find_sources
from packshot.datasets import open_items
from packshot.review.labelling import Labelled, Opened, label_frames
from packshot.values import Box, Frame, Rgb

HOSTILE = "<img src=x onerror=alert(1)>&quot;.png"
#: Name -> score; in the page's order.
SCORES = {"cup.png": 0.55, "suit.png": 0.3, HOSTILE: 0.75, "cat.png": 0.1}
TRUE = Box(12, 12, 188, 138)  # the picture inside the cup's frame
ROUGH = Box(20, 16, 180, 130)  # what is proposed


def propose(rgb: Rgb) -> Frame:
    """The score is in the last pixel."""
    score = float(rgb[-1, -1, 0]) / 200
    height, width = rgb.shape[:2]
    return Frame(score >= 0.5, score, ROUGH if score >= 0.5 else Box(0, 0, width, height))


def refine(rgb: Rgb, box: Box) -> Box:
    return TRUE if rgb.shape[:2] == (150, 200) else box


def draw_photos(folder: Path) -> None:
    """Four photos whose last pixel is their score, one of them in a frame, and a torn file."""
    folder.mkdir()
    pictures: dict[str, Callable[[], Rgb]] = {
        "cup.png": data.coffee,
        "suit.png": data.astronaut,
        HOSTILE: data.coffee,
        "cat.png": data.chelsea,
    }
    for name, picture in pictures.items():
        pixels = np.asarray(Image.fromarray(picture()).resize((200, 150))).copy()
        if name == "cup.png":
            frame = np.full_like(pixels, 250)
            frame[TRUE.slices] = pixels[TRUE.slices]
            pixels = frame
        pixels[-1, -1] = round(200 * SCORES[name])
        Image.fromarray(pixels).save(folder / name)
    (folder / "torn.png").write_bytes((folder / "cat.png").read_bytes()[:900])


class Sitting:
    """`label_frames` in a thread of its own, and a browser on its page."""

    def __init__(self, browser: Browser, shop: Path) -> None:
        self.table = shop / "labels.csv"
        self._end = threading.Event()
        ready = threading.Event()
        self.opened: list[Opened] = []
        self.result: list[Labelled] = []

        def announce(page: Opened) -> None:
            self.opened.append(page)
            ready.set()

        def run() -> None:
            sources = find_sources([shop / "photos"])
            result = label_frames(
                sources,
                self.table,
                detect=propose,
                model="drawn",
                by="anna",
                refine=refine,
                opened=announce,
                stop=self._end.is_set,
            )
            self.result.append(result)

        self.thread = threading.Thread(target=run)
        self.thread.start()
        assert ready.wait(60)
        self.refused = False  # the browser writes a line of its own for a request that fails
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._dismiss)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(self.opened[0].address)

    def _dismiss(self, dialog: Dialog) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def stop(self) -> None:
        """Close the browser and end the command."""
        self.context.close()
        self.end()

    def end(self) -> None:
        """End the command."""
        self._end.set()
        self.thread.join(30)

    def shows(self, name: str) -> None:
        """Wait until a photo can be seen and decided."""
        expect(self.page.locator("#name")).to_have_text(name)
        expect(self.page.locator("#accept")).to_be_enabled()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def says(self, words: str) -> None:
        expect(self.page.locator("#said")).to_contain_text(words)

    def sides(self) -> list[int]:
        return [int(self.page.input_value(f"#{side}")) for side in ("left", "top", "right", "bottom")]

    def manifest(self) -> dict[str, tuple[str | None, Box | None]]:
        return {item.photo.name: (item.label, item.box) for item in open_items(self.table, task="classification")}
