"""Whether colours are called what people call them: the colour survey of xkcd, and how often nothing is said.

    python benchmarks/colour_names.py

949 colours with the names most people gave them (CC0; in matplotlib as XKCD_COLORS). Kept are those whose last word is
one of our names and whose other words are none. Every second of them taught the anchors of `packshot.inspection`; the
others are printed. Each colour is a plain picture.
"""

from __future__ import annotations

import numpy as np
from matplotlib.colors import XKCD_COLORS

from packshot.inspection import COLOUR_NAMES, named_colours

ALSO = {"gray": "grey", "violet": "purple"}


def surveyed() -> list[tuple[str, str, tuple[int, ...]]]:
    """What people wrote, our name of it, and the colour."""
    found = []
    for key, code in XKCD_COLORS.items():
        written = key.removeprefix("xkcd:")
        *others, last = [ALSO.get(word, word) for word in written.replace("/", " ").split()]
        mixed = any(
            word != last and (word in COLOUR_NAMES or word.rstrip("y") in COLOUR_NAMES or word.endswith("ish"))
            for word in others
        )
        if last in COLOUR_NAMES and not mixed:
            found.append((written, last, tuple(int(code[at : at + 2], 16) for at in (1, 3, 5))))
    return found


def main() -> None:
    alpha = np.ones((20, 20), np.float32)
    rows = surveyed()
    for title, part in (("taught the anchors", rows[::2]), ("did not", rows[1::2])):
        said = [named_colours(np.full((20, 20, 3), rgb, np.uint8), alpha) for _, _, rgb in part]
        given = [(found[0].name, name, written) for found, (written, name, _) in zip(said, part, strict=True) if found]
        right = np.mean([ours == name for ours, name, _ in given])
        print(f"{len(part)} colours that {title}: {len(given) / len(part):.3f} named, {right:.3f} of the names right")
        wrong = [f"{written} is called {ours}" for ours, name, written in given if ours != name]
        print("  " + "; ".join(wrong))
    most = max(COLOUR_NAMES, key=lambda name: sum(name == theirs for _, theirs, _ in rows))
    print(f"always {most}: {np.mean([name == most for _, name, _ in rows]):.3f} right")


if __name__ == "__main__":
    main()
