import sys
from pathlib import Path

# Worker processes import the stub by name, from the path they inherit.
sys.path.insert(0, str(Path(__file__).parents[1] / "batch"))
