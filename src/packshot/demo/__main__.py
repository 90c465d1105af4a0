"""``python -m packshot.demo FOLDER``: write the demo's photographs there."""

import sys
from pathlib import Path

from packshot.demo import write_photos

write_photos(Path(sys.argv[1]))
