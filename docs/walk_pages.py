"""How each page is walked: what is laid for it, what is not typed and why, and how its commands end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from walk_materials import (
    catalogue_page,
    check_page,
    collecting_page,
    data_page,
    explaining_page,
    frames_page,
    measured_page,
    networks_page,
    own_network_page,
    packshots_page,
    photos,
    profile_page,
    review_page,
    serving_page,
    strokes_page,
    taxonomy_page,
    texts_page,
    training_page,
    watching_page,
)

__all__ = ["PAGES", "Page"]


@dataclass(frozen=True)
class Page:
    """How a page is walked.

    Attributes:
        lay: puts what the page takes for granted into a folder; takes the folder and the page's text.
        first: commands that the page takes for typed.
        never: start of a command -> why it is not typed.
        ends: start of a command -> the exit code to expect where it is not 0.
        added: start of a command -> what is typed behind it to make hours seconds.
        networks: start of a command -> the published network that it needs.
        jobs: whether the page's first service stays for its later commands, and keeps jobs.
    """

    lay: Callable[[Path, str], None] = lambda folder, text: None
    first: tuple[str, ...] = ()
    never: dict[str, str] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    added: dict[str, str] = field(default_factory=dict)
    networks: dict[str, str] = field(default_factory=dict)
    jobs: bool = False


FEW = " --set epochs=1 --set batch=4 --set samples_per_epoch=8 --set workers=0"

#: A U-Net at the size it was published with takes minutes for these few pictures, five or six times over.
FEW_SMALL = FEW + " --set size=64 --set width=8"

FEW_FRAMES = FEW + " --set validation_samples=8 --set calibration_samples=8"
FEW_OVERLAYS = FEW_FRAMES + " --set size=64 --set decay_epochs=0 --set warmup_steps=0"

#: The line of a new key, as the page on serving says to keep it.
KEYS = "packshot serve --new-key studio | tail -1 > keys.txt"

#: Page -> how it is walked; one that holds commands and is not here is walked as it stands.
PAGES = {
    "README.md": Page(first=("python -m packshot.demo photos",)),
    "docs/tutorial/first-hour.md": Page(),
    "docs/published-systems.md": Page(never={"packshot": "takes hours", "python": "takes minutes"}),
    "docs/how-to/catalogue.md": Page(
        catalogue_page,
        never={"packshot catalogue reindex": "wants another network"},
        ends={"packshot catalogue calibrate": 2},  # three queries are too few, and the command says so
    ),
    "docs/how-to/check.md": Page(
        check_page, first=("packshot run photos -o out --profile amazon,google -c shop.catalogue",)
    ),
    "docs/how-to/collecting.md": Page(collecting_page, added={"packshot collect": " --allow-private --rate 50"}),
    "docs/how-to/cutting-out.md": Page(lambda folder, text: photos(folder / "photos", shoe="sneakers")),
    "docs/how-to/data.md": Page(data_page),
    "docs/how-to/delivery.md": Page(
        lambda folder, text: photos(folder / "photos" / "shoe", front="sneakers"),
        never={"packshot deliver out/ --to folder:shop/ --certificate": "wants a certificate of your own"},
    ),
    "docs/how-to/shops.md": Page(
        lambda folder, text: photos(folder / "photos" / "shoe", front="sneakers"),
        never={"packshot deliver": "asks a shop on the web"},
    ),
    "docs/how-to/describing.md": Page(lambda folder, text: photos(folder / "photos", dress="dress")),
    "docs/how-to/duplicates.md": Page(catalogue_page, first=("packshot index photos -c catalogue/",)),
    "docs/how-to/explaining.md": Page(explaining_page),
    "docs/how-to/evaluation.md": Page(
        measured_page,
        never={
            "packshot leaderboard": "walked on the page of training",
            "packshot serve": "stays until it is ended",
        },
    ),
    "docs/how-to/frames.md": Page(
        frames_page,
        ends={"packshot check pictures/": 3},  # they are no pictures for Amazon
        added={"packshot train": FEW_FRAMES},
    ),
    "docs/how-to/overlays.md": Page(
        frames_page,
        ends={"packshot check pictures/": 3},  # as the pictures of frames
        added={"packshot train": FEW_OVERLAYS},
    ),
    "docs/how-to/labelling.md": Page(frames_page, added={"packshot train": FEW_FRAMES}),
    "docs/how-to/masks-by-hand.md": Page(strokes_page),
    "docs/how-to/packshots.md": Page(packshots_page),
    "docs/how-to/page.md": Page(
        own_network_page,
        first=("packshot run photos/ -o out/", "packshot index photos/ -c catalogue/"),
        never={"packshot export": "walked on the page of training"},
    ),
    "docs/how-to/print.md": Page(lambda folder, text: photos(folder / "photos", shoe="sneakers")),
    "docs/how-to/profile.md": Page(profile_page),
    "docs/how-to/review.md": Page(review_page),
    "docs/how-to/review-page.md": Page(
        own_network_page, first=(KEYS,), never={"packshot train": "wants the answers to some hundred questions"}
    ),
    "docs/how-to/serving.md": Page(serving_page, first=(KEYS,), jobs=True),
    "docs/how-to/taxonomy.md": Page(taxonomy_page),
    "docs/how-to/texts.md": Page(texts_page),
    "docs/scale.md": Page(never=dict.fromkeys(("packshot run", "packshot index"), "wants a bucket")),
    "docs/how-to/watching.md": Page(watching_page),
    "docs/how-to/training.md": Page(
        training_page,
        added={"packshot train recipes/unet": FEW_SMALL, "packshot train unet": FEW_SMALL, "packshot train": FEW},
    ),
    "docs/models/other-networks.md": Page(
        networks_page,
        networks={
            "packshot models fetch u2net": "u2net",
            "packshot cutout": "u2net",
            "packshot models fetch isnet": "isnet-general-use",
        },
    ),
}
