"""A line for every command, in an order in which each finds what it needs, and the folder in which they are typed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
from PIL import Image

from packshot_tests.networks import write_network
from packshot_tests.photos import discs, save, soft

#: Command -> what is typed behind ``packshot``. What is written lies amid the photos, but for photos that are fetched.
#: ``{web}`` is a web server with a product on ``/p/shoe``.
TYPED = {
    "run": "run photos -o photos/made/out --model grabcut --describe-model net.onnx --jobs 1 --sku folder",
    "run (objects)": "run file://{here}/photos -o file://{here}/photos/made/objects --model grabcut"
    " --describe-model net.onnx --jobs 1",
    "watch": "watch photos -o photos/made/watched --every 0.1 --settle 0 --model grabcut"
    " --describe-model none --jobs 1",
    "cutout": "cutout photos -o photos/made/cut --model grabcut --overlay",
    "overlay": "overlay photos",
    "frame": "frame photos --model classical --crop -o photos/made/framed",
    "classify": "classify photos --model net.onnx --heatmaps photos/made/seen",
    "caption": "caption photos",
    "duplicates": "duplicates photos --sheet photos/made/duplicates.html",
    "index": "index photos -c shop.catalogue --jobs 1 --describe-model net.onnx",
    "search": "search photos/a -c shop.catalogue --describe-model net.onnx --sheet photos/made/found.png",
    "catalogue stats": "catalogue stats -c shop.catalogue",
    "catalogue snapshots": "catalogue snapshots -c shop.catalogue",
    "catalogue verify": "catalogue verify -c shop.catalogue",
    "catalogue compact": "catalogue compact -c shop.catalogue",
    "catalogue export": "catalogue export items.jsonl -c shop.catalogue",
    "catalogue repeated": "catalogue repeated -c shop.catalogue",
    "catalogue calibrate": "catalogue calibrate queries.csv -c shop.catalogue --describe-model net.onnx"
    " --precision 0.3",
    "catalogue remove": "catalogue remove 0f1e -c shop.catalogue",
    "catalogue reindex": "catalogue reindex -c shop.catalogue --describe-model other.onnx --jobs 1",
    "catalogue restore": "catalogue restore 1 -c shop.catalogue",
    "check": "check photos/made/out/packshots --profile plain",
    "review list": "review list photos/made/out --all",
    "review show": "review show photos/made/out a/0.png --overlay photos/made/look.png",
    "review approve": "review approve photos/made/out a/0.png",
    "review category": "review category photos/made/out b/1.png --to shoes",
    "review subject": "review subject photos/made/out c/2.png --to auto",
    "review frame": "review frame photos/made/out b/1.png --none",
    "review mask": "review mask photos/made/out b/1.png --strokes strokes.json --overlay photos/made/mask.png",
    "review reject": "review reject photos/made/out c/2.png --reason blurred",
    "review log": "review log photos/made/out -o decisions.csv",
    "review stats": "review stats photos/made/out",
    "review undo": "review undo photos/made/out c/2.png",
    "review apply": "review apply photos/made/out --jobs 1",
    "review export": "review export photos/made/out -o photos/made/corrections",
    "deliver": "deliver photos/made/out --to folder:photos/made/shop --include-undecided",
    "explain": "explain photos --model net.onnx --method centre --quick -o photos/made/why",
    "layers": "layers photos/a --layer 0 -o photos/made/layers",
    "study": "study study.toml --data set/list.csv --split all --model net.onnx -o photos/made/study",
    "models": "models",
    "models fetch": "models fetch u2netp --json",
    "profiles": "profiles",
    "taxonomy show": "taxonomy show",
    "taxonomy import": "taxonomy import tree.txt --format paths -o tree.toml",
    "taxonomy map": "taxonomy map tree.toml --model net.onnx",
    "taxonomy learn": "taxonomy learn set/classes -o mine.learnt --model net.onnx",
    "doctor": "doctor",
    "collect": "collect {web}/p/shoe -o fetched --depth 0 --rate 50 --allow-private",
    "data": "data set/shop -o split.csv",
    "label frame": "label frame photos -o labels.csv --no-open",
    "train": "train unet --data set/shop -o photos/made/trained --threads 1 --set size=32 --set width=4 --set batch=4"
    " --set epochs=1 --set workers=0",
    "evaluate cutout": "evaluate cutout --data set/shop --split all --limit 2 --model grabcut -o photos/made/cutouts",
    "evaluate category": "evaluate category --data set/list.csv --split all --model net.onnx -o photos/made/category",
    "evaluate attribute": "evaluate attribute --data set/list.csv --split all --model net.onnx --head kids",
    "evaluate explanation": "evaluate explanation --data set/list.csv --split all --limit 10 --method centre"
    " --model net.onnx -o photos/made/trust",
    "evaluate frame": "evaluate frame --data set/frames --split all --model classical -o photos/made/frames",
    "leaderboard": "leaderboard photos/made/trained",
    "export": "export photos/made/trained -o mine.onnx --data set/shop",
    "serve": "serve --port 0 --workers 1",
}

#: How commands end, where not with 0. A labelling is ended before its page opens, or behind it.
ENDS = {"catalogue remove": {3}, "models fetch": {3}, "label frame": {0, 130}}

#: Commands that stay: the file that has to be there before they are ended.
STAYS = {"watch": "photos/made/watched/manifest.jsonl", "label frame": "photos", "serve": "photos"}

#: Commands that print nothing on stdout when they are ended before anybody asked them.
SILENT = {"serve", "label frame"}

#: Commands that take a photo from stdin.
READS_STDIN = {"cutout", "frame", "overlay", "classify", "caption", "search", "explain", "layers"}


def _product() -> bytes:
    node = {"@context": "https://schema.org", "@type": "Product", "name": "Shoe", "sku": "1", "category": "Shoes"}
    return f'<script type="application/ld+json">{json.dumps(node | {"image": "/shoe.jpg"})}</script>'.encode()


def _photo() -> bytes:
    file = io.BytesIO()
    Image.fromarray(soft(9, (120, 90))).save(file, "JPEG")
    return file.getvalue()


#: Path -> kind and content of what ``{web}`` serves.
WEB = {"/p/shoe": ("text/html", _product()), "/shoe.jpg": ("image/jpeg", _photo())}


def lay(folder: Path) -> None:
    """Photos, networks, labelled pictures and tables, as `TYPED` names them."""
    rows, columns = np.mgrid[:120, :120]
    disc = (rows - 60) ** 2 + (columns - 60) ** 2 < 36**2
    for index, name in enumerate("abc"):
        photo = np.where(disc[..., None], (200, 40, 40), 120 + soft(index, (120, 120)) // 16).astype(np.uint8)
        save(folder / "photos" / name / f"{index}.png", photo)
    write_network(folder / "net.onnx")
    write_network(folder / "other.onnx", brightness=0.5)
    (folder / "queries.csv").write_text(
        "photo,item\n" + "".join(f"photos/{name}/{n}.png,photos/{name}/{n}.png\n" for n, name in enumerate("abc"))
    )
    (folder / "strokes.json").write_text(
        '{"version": 1, "photo": {"width": 120, "height": 120},'
        ' "strokes": [{"kind": "keep", "radius": 8, "points": [[60, 60], [70, 60]]}]}'
    )
    (folder / "study.toml").write_text('name = "Colour"\ninterventions = ["grey"]\n')
    (folder / "tree.txt").write_text("Wear > Boots\nWear > Hats\n")
    discs(folder / "set" / "shop")
    table = ["path,label,kids"]
    for number in range(12):
        kind = ("shoes", "hats")[number % 2]
        for place in (f"classes/{kind}", f"frames/{('framed', 'unframed')[number % 2]}"):
            save(folder / "set" / place / f"{number:02}.png", soft(number, (80, 60)))
        table.append(f"classes/{kind}/{number:02}.png,{kind},{('yes', 'no')[number % 2]}")
    (folder / "set" / "list.csv").write_text("\n".join(table))
