"""What the site adds to the pages of this folder: recipes, decisions, the map of the code, Python in full.

mkdocs calls the ``on_...`` functions (`mkdocs.yml`, hooks). Links that lead out of docs/ are led to the added pages;
where there is none, for a file of the source, only its name is left.
"""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
#: Pages that lie elsewhere in the repository -> where the site has them.
_ADDED = {
    f"recipes/{path.parent.name}/README.md": f"recipes/{path.parent.name}.md"
    for path in ROOT.glob("recipes/*/README.md")
}
_ADDED |= {name: f"project/{name.lower()}" for name in ("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md")}
_ADDED |= {"README.md": "project/readme.md"}
_ADDED |= {
    str(path.relative_to(ROOT)): f"benchmarks/{path.parent.name}.md" for path in ROOT.glob("benchmarks/*/README.md")
}
_LINK = re.compile(r"\[([^\]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def _rooms() -> list[str]:
    recorded = json.loads((ROOT / "tests" / "public_names.json").read_text())
    return [name for name, public in recorded.items() if public]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add to the navigation what is found by walking: decisions, recipes, rooms."""
    assert config.nav is not None
    sections = {next(iter(entry)): next(iter(entry.values())) for entry in config.nav}
    decisions = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    sections["Explanation"].append({"Decisions": [f"decisions/{name}" for name in decisions]})
    sections["Reference"].append({"Python in full": [{room: f"python/{room}.md"} for room in _rooms()]})
    sections["Reference"].append(
        {"Recipes": sorted(place for place in _ADDED.values() if place.startswith("recipes/"))}
    )
    project = sorted(place for place in _ADDED.values() if not place.startswith("recipes/"))
    sections["Explanation"].append({"Project": project})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that lie outside docs/, and one for each public room."""
    for source, place in _ADDED.items():
        files.append(File.generated(config, place, content=_led(source, (ROOT / source).read_text(), place)))
    for room in _rooms():
        files.append(File.generated(config, f"python/{room}.md", content=f"# {room}\n\n::: {room}\n"))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links out of docs/ to where the site has their page."""
    if page.file.generated_by:
        return markdown
    return _led(f"docs/{page.file.src_uri}", markdown, page.file.src_uri)


def _led(source: str, text: str, place: str) -> str:
    """The page's links, from the repository's layout (`source`) to the site's (`place`)."""

    def lead(match: re.Match[str]) -> str:
        words, target, anchor = match[1], match[2], match[3] or ""
        if "://" in target or target.startswith("mailto:"):
            return match[0]
        full = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        page = (
            full.removeprefix("docs/")
            if full.startswith("docs/")
            else _ADDED.get(full) or _ADDED.get(f"{full}/README.md")
        )
        if page is None or not (page in _ADDED.values() or (ROOT / full).is_file()):
            return words
        return f"[{words}]({posixpath.relpath(page, posixpath.dirname(place) or '.')}{anchor})"

    parts = re.split(r"(^```.*?^```$)", text, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if part.startswith("```") else _LINK.sub(lead, part) for part in parts)
