"""What the documents say is true: examples run, commands work, links lead somewhere, made pages are current."""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.util
import re
import shlex
import shutil
from pathlib import Path
from types import ModuleType

import click
import pytest
from packshot_tests.command import run

from packshot.catalogue.indexing import Background
from packshot.cli.main import program
from packshot.datasets import Split
from packshot.duplicates import CopyKind
from packshot.marketplace.profiles import Evidence
from packshot.result import Status
from packshot.settings import Matte, Provider, Several, Subject
from packshot.specs import FillOf
from packshot.values import Doubt
from packshot.web.run_report.words import DOUBT_FIXES

ROOT = Path(__file__).parents[1]
PHOTOS = ROOT / "src" / "packshot" / "demo" / "photos"
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "recipes").rglob("*.md"),
        *(ROOT / "packaging").glob("*.md"),
    ]
)
EXAMPLES = [path for path in DOCUMENTS if re.search(r"^>>> ", path.read_text(), flags=re.MULTILINE)]
#: docs/how-to/data.md has a test of its own, for its examples need its folder.
EXAMPLES.remove(ROOT / "docs" / "how-to" / "data.md")
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def without_code(path: Path) -> str:
    return re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_python_examples_run(path: Path) -> None:
    found = doctest.testfile(str(path), module_relative=False, optionflags=FLAGS)
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial/first-hour.md"])
def test_commands_work_in_the_order_they_stand_there(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / page).read_text(), flags=re.DOTALL)
    commands = [words for block in blocks for words in block.splitlines() if words.strip()]
    assert len(commands) >= 5
    (tmp_path / "photos").mkdir()
    for name in ("sneakers.jpg", "shirt_in_a_frame.jpg"):
        shutil.copy(PHOTOS / name, tmp_path / "photos")
    monkeypatch.chdir(tmp_path)
    for command in commands:
        name, *args = shlex.split(command)
        if command.startswith("python -m packshot.demo"):
            continue  # writes eleven photos; the two that are there stand for them
        assert name == "packshot"
        done = run(*args)
        assert done.code == 0, f"{command}\n{done.out}\n{done.err}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", without_code(path)):
        if target.startswith("http"):
            continue
        full = path.parent / target if target else path
        assert full.exists(), target
        if anchor and full.suffix == ".md":
            assert anchor in anchors(full), f"{target}#{anchor}"


def anchors(path: Path) -> set[str]:
    """The anchors a page's headings get: lower case, spaces to hyphens, without other signs."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL), flags=re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in plain}


def test_no_document_is_left_with_a_gap() -> None:
    for path in DOCUMENTS:
        assert "@@" not in path.read_text(), path


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", generator().GENERATED)
def test_a_page_made_from_the_code_is_current(name: str) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text() == generator().GENERATED[name](), "run `make reference`"


@pytest.mark.parametrize(
    "kind",
    [Background, CopyKind, Doubt, Evidence, FillOf, Matte, Provider, Several, Split, Status, Subject],
    ids=lambda k: k.__name__,
)
def test_the_glossary_explains_every_word_of_a_closed_choice(kind: type) -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    assert [str(each.value) for each in kind if not re.search(rf"[`*]{re.escape(each.value)}[`*]", glossary)] == []


def test_every_doubt_is_told_in_one_sentence() -> None:
    assert set(DOUBT_FIXES) == set(Doubt)


def test_no_page_installs_whatever_bears_the_name_on_an_index() -> None:
    for path in DOCUMENTS:
        assert not re.search(r"pip install (-U )?'?packshot\b(?!-)", path.read_text()), path


SCRIPTS = sorted(
    path for folder in ("benchmarks", "docs", "licences", "recipes") for path in (ROOT / folder).rglob("*.py")
)


@pytest.mark.train
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_script_beside_the_package_imports_what_there_is(script: Path) -> None:
    for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "packshot":
            module = importlib.import_module(str(node.module))
            names = {each.name for each in node.names}
            missing = {name for name in names if not hasattr(module, name) and not _is_module(node.module, name)}
            assert not missing, f"{node.module} has no {', '.join(sorted(missing))}"


def _is_module(parent: str | None, name: str) -> bool:
    return importlib.util.find_spec(f"{parent}.{name}") is not None


def documented_commands() -> list[tuple[str, list[str]]]:
    """The words of every command in a shell block, and of every example of a command's help, with its page."""
    found = []
    for page in DOCUMENTS:
        fenced = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", page.read_text(), flags=re.DOTALL | re.MULTILINE)
        blocks = [block.replace("\\\n", " ") for language, block in fenced if language in {"", "bash"}]
        for line in "\n".join(blocks).splitlines():
            if not re.match(r" *packshot [a-z]+(?!:)\b", line) or "[OPTIONS]" in line:
                continue
            before_remark = re.sub(r"\s{3,}[a-zA-Z].*$", "", line.strip())
            parts = shlex.shlex(before_remark, posix=True, punctuation_chars=True)
            parts.whitespace_split = True
            words = list(parts)
            end = next((place for place, word in enumerate(words) if word in {">", "|", "&&"}), len(words))
            found.append((named(page), words[1:end]))
    return found


def test_every_command_on_a_page_has_the_options_it_is_typed_with() -> None:
    """Whether it also does what the page says is seen by `make walk`."""
    commands = documented_commands()
    assert len(commands) > 150
    for page, typed in commands:
        words = typed
        context = click.Context(program, info_name="packshot")
        here: click.Command = program
        try:
            while isinstance(here, click.Group) and words and words[0] not in {"--help", "--version"}:
                name, found, words = here.resolve_command(context, words)
                assert found is not None
                context = click.Context(found, info_name=name, parent=context)
                here = found
            here.make_parser(context).parse_args(list(words))
        except click.UsageError as error:
            pytest.fail(f"{page}: packshot {shlex.join(typed)}: {error.format_message()}")
