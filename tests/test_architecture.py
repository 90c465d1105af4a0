"""The order of the house: imports run one way, the core stays light, public names are on record."""

from __future__ import annotations

import ast
import functools
import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "packshot"

# A package may import from its own row and from the rows above; stages never import each other.
ROWS = [
    {
        "addresses",
        "closing",
        "counting",
        "errors",
        "extras",
        "limits",
        "listing",
        "machine",
        "records",
        "resizing",
        "settings",
        "specs",
        "stage",
        "signals",
        "storage",
        "subject",
        "validation",
        "values",
        "version",
    },
    # What persons decided: a run makes pictures by it, a review writes it.
    {"result", "decisions"},
    {"duplicates", "photo", "heads", "explanation"},
    {"runtime"},
    {"frame", "overlay", "inspection", "cutout", "composition", "description"},
    # A rule measures a finished picture with what the stages measure.
    {"marketplace"},
    {"pipeline"},
    # Pages are drawn from records and scores; a batch writes one at its end.
    {"web", "wording"},
    {"engines"},
    {"batch"},
    # The catalogue is filled as a folder is, by a batch's workers and from its results; a review decides on these, and
    # what is decided is delivered.
    {"catalogue", "review", "explaining", "delivery", "sharded"},
    {"collecting"},
    {"service", "client", "cli", "demo", "__main__"},
]
LEVEL = {name: level for level, row in enumerate(ROWS) for name in row}
STAGES = ROWS[4]
# The category tree is data that training and reports read too: it is on the lowest row, inside the stage it belongs to.
LOWEST_ROOMS = ("packshot.description.taxonomy",)
SIDE_ROOMS = {"datasets", "evaluation", "training"}
TRAINING_COMMANDS = {"train", "train_several", "export", "gradients", "layers"}
TRAINING_LIBRARIES = {"torch", "torchvision", "timm", "lightning", "torchmetrics", "pytorch_lightning", "optuna"}


#: What messages and pages count. A rate (photos/s) is no count.
COUNTED_NOUNS = re.compile(
    r" (?:(?:more|other|new|earlier|training|validation) )?"
    r"(photos|pictures|images|items|products|groups|pairs|files|folders|categories|labels|rows|lines|views|queries|"
    r"shards|snapshots|pieces|epochs|attempts|decisions|records|classes|requests|jobs|minutes)\b(?!/)"
)


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


@functools.cache
def imports(path: Path) -> frozenset[str]:
    """Full names of everything a module imports, also inside functions; type-checking imports left out."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    return frozenset(found)


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def step_back(path: Path) -> set[str]:
    """Rooms that a module imports and may not."""
    here = room(path)
    if here == "__init__":
        return set()
    found = {name for name in imports(path) if name.startswith("packshot.")}
    if here in {"training", "evaluation"}:
        found = {name for name in found if not name.startswith(LOWEST_ROOMS)}
    there = {name.split(".")[1] for name in found} - {here}
    if path.is_relative_to(SOURCE / "description" / "taxonomy"):
        return there - ROWS[0]
    if here == "training":
        return there - (set().union(*ROWS[:4]) | {"datasets", "evaluation"})
    if here == "datasets":
        return there - (ROWS[0] | {"photo"})
    if here == "evaluation":
        return there - (ROWS[0] | {"heads", "explanation", "datasets"})
    opened = {"datasets", "evaluation"} if here == "cli" else set()
    opened |= {"datasets"} if here == "review" else set()
    opened |= {"evaluation"} if here in {"catalogue", "web", "explaining"} else set()
    opened |= {"datasets"} if here == "explaining" else set()
    opened |= {"training"} if here == "cli" and path.stem in TRAINING_COMMANDS else set()
    there -= opened
    upward = {name for name in there - SIDE_ROOMS if LEVEL[name] > LEVEL[here]}
    stages = there & STAGES if here in STAGES else set()  # they never import each other
    return there & SIDE_ROOMS | upward | stages


def outside_of_their_room(path: Path) -> set[str]:
    """Heavy libraries that a module imports and may not."""
    libraries = {name.split(".")[0] for name in imports(path)}
    inside = path.relative_to(SOURCE)
    kept = {
        "runtime": {"onnxruntime"},
        "collecting": {"scrapy", "twisted"},
        "service": {"fastapi", "starlette", "uvicorn", "prometheus_client", "structlog", "opentelemetry"},
        "storage/objects/bucket.py": {"obstore"},
        "engines/on_ray": {"ray"},
        "catalogue/store": {"lancedb", "pyarrow", "pymilvus"},
        "training": TRAINING_LIBRARIES,
    }
    allowed = {library for place, theirs in kept.items() if inside.is_relative_to(place) for library in theirs}
    allowed |= {"cli/train.py": TRAINING_LIBRARIES, "sharded/parquet.py": {"pyarrow"}}.get(inside.as_posix(), set())
    return libraries & set().union(*kept.values()) - allowed


# Of all modules at once: a test for each of a thousand, twice, took half a minute.
def test_imports_run_one_way() -> None:
    wrong = {path.relative_to(SOURCE).as_posix(): step_back(path) for path in modules()}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_heavy_libraries_stay_in_their_room() -> None:
    wrong = {path.relative_to(SOURCE).as_posix(): outside_of_their_room(path) for path in modules()}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_no_module_shadows_the_standard_library() -> None:
    names = {path.stem for path in modules()} | {path.name for path in SOURCE.rglob("*") if path.is_dir()}
    assert not (names - {"__init__", "__pycache__"}) & set(sys.stdlib_module_names)


def test_a_number_and_its_noun_agree() -> None:
    """Whatever is counted may be one: `counted` says "1 photo", where a number before a plural says "1 photos"."""
    found = [
        f"{path.relative_to(ROOT)}:{text.lineno}: {{{ast.unparse(number.value)}}} {noun[1]}"
        for path in modules()
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for number, words in pairwise(text.values)
        if isinstance(number, ast.FormattedValue) and isinstance(words, ast.Constant)
        if number.format_spec is None or ast.unparse(number.format_spec) == "f','"
        if (noun := COUNTED_NOUNS.match(str(words.value)))
        and not ast.unparse(number.value).endswith((".value", "rate"))
    ]
    assert not found, "say packshot.counting.counted"


def test_most_files_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert max(lengths.values()) <= 400
    assert sum(length > 250 for length in lengths.values()) <= 0.1 * len(lengths)


def fresh(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


def test_a_fresh_interpreter_runs_a_photo_without_torch() -> None:
    code = (
        "import sys, numpy as np, packshot\n"
        "from skimage.data import astronaut\n"
        "packshot.process(astronaut())\n"
        f"print(sorted(set(sys.modules) & {TRAINING_LIBRARIES!r}))"
    )
    assert fresh(code) == "[]"


def test_importing_packshot_brings_no_heavy_library() -> None:
    heavy = {"numpy", "cv2", "PIL", "onnxruntime", "pydantic", "jinja2"}
    assert fresh(f"import sys, packshot; print(sorted(set(sys.modules) & {heavy!r}))") == "[]"


def test_importing_the_catalogue_brings_no_store() -> None:
    stores = {"lancedb", "pyarrow", "pymilvus"}
    assert fresh(f"import sys, packshot.catalogue.store; print(sorted(set(sys.modules) & {stores!r}))") == "[]"


def test_help_brings_no_heavy_library() -> None:
    heavy = {"numpy", "cv2", "PIL", "onnxruntime", "pydantic", "jinja2"}
    code = f"""
import sys
from packshot.cli.main import main
try:
    main(["--help"])
except SystemExit:
    pass
print(sorted(set(sys.modules) & {heavy!r}))
"""
    assert fresh(code).splitlines()[-1] == "[]"


def test_public_names_are_on_record() -> None:
    """A name that comes or goes is a decision: change tests/public_names.json with it."""
    found: dict[str, list[str]] = {}
    for path in modules():
        if room(path) in {"training", "cli", "demo"} or path.name != "__init__.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                names = ast.literal_eval(node.value)
                assert names == sorted(names, key=_ruff_order), f"{path}: __all__ is not sorted"
                found[".".join(("packshot", *path.relative_to(SOURCE).parts[:-1]))] = names
    recorded = json.loads((ROOT / "tests" / "public_names.json").read_text())
    assert found == recorded


def _ruff_order(name: str) -> tuple[int, str]:
    # Constants, then classes, then the rest: ruff's RUF022.
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)
