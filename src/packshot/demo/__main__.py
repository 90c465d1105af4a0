"""``python -m packshot.demo FOLDER``: write the demo's photographs there."""

import argparse
from pathlib import Path

from packshot.demo import PHOTOS, write_photos


def main() -> None:
    """Read the command line and write the photographs."""
    parser = argparse.ArgumentParser(
        prog="python -m packshot.demo", description=f"Write the demo's {len(PHOTOS)} photographs into a folder."
    )
    parser.add_argument("folder", type=Path, help="made if missing; files of the same name are replaced")
    folder = parser.parse_args().folder
    try:
        write_photos(folder)
    except OSError as error:
        parser.exit(1, f"{folder}: the photographs cannot be written ({error.strerror})\n")


if __name__ == "__main__":
    main()
