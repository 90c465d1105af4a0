"""The house in numbers: lines of each room, size of the command line, untyped dictionaries, long files, copies, chains.

Command: ``python benchmarks/house.py``; ``--chains`` also prints the longest chains of calls, name by name.

A chain is static: from a command's function along calls of the package's own functions, as far as names tell what is
called. A call of a method is followed where one class alone has a method of that name and the caller imports from its
room, or where it is called on a parameter that is annotated with its class; a call of a class to its ``__init__`` and
``__call__``. A function in a circle of calls counts once.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from shared_blocks import shared_blocks

SOURCE = Path(__file__).parents[1] / "src" / "packshot"
COMMANDS = {"run": "packshot.cli.run.command", "train": "packshot.cli.train.command"}
UNTYPED = re.compile(r"dict\[str, Any\]")


def modules() -> dict[str, Path]:
    """Dotted name -> file."""
    return {
        ".".join(("packshot", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__"): path
        for path in sorted(SOURCE.rglob("*.py"))
    }


def lines_of(path: Path) -> int:
    """All lines, blank ones and comments included."""
    return len(path.read_text(encoding="utf-8").splitlines())


def _room(name: str) -> str:
    """The room of a dotted name: `packshot.photo.decode` is in `photo`."""
    return name.split(".")[1]


def parts_of(paths: list[Path]) -> dict[str, int]:
    """Lines of files by what they are: docstrings, imports, blank lines, and the rest, which is code."""
    found = dict.fromkeys(("docstrings", "imports", "blank lines", "code"), 0)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        kinds = {at: "code" if line.strip() else "blank lines" for at, line in enumerate(text.splitlines(), start=1)}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                kinds |= dict.fromkeys(range(node.lineno, (node.end_lineno or 0) + 1), "imports")
            elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
                first = node.body[0]
                kinds |= dict.fromkeys(range(first.lineno, (first.end_lineno or 0) + 1), "docstrings")
        for kind in kinds.values():
            found[kind] += 1
    return found


class Calls:
    """Which function of the package calls which, as far as names tell.

    Attributes:
        calls: dotted name of a function or method -> those it calls.
    """

    def __init__(self) -> None:
        self.calls: dict[str, set[str]] = {}
        self._exports: dict[str, dict[str, str]] = {}
        self._rooms: dict[str, set[str]] = {}
        self._methods: dict[str, list[str]] = defaultdict(list)
        self._bodies: dict[str, tuple[str, str | None, ast.AST]] = {}
        for module, path in modules().items():
            self._collect(module, ast.parse(path.read_text(encoding="utf-8")))
        for name, (module, owner, node) in self._bodies.items():
            self.calls[name] = set(self._called(module, owner, node)) - {name}

    def _collect(self, module: str, tree: ast.Module) -> None:
        names: dict[str, str] = {}
        for node in ast.walk(tree):  # imports inside functions, too
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("packshot"):
                names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                names[node.name] = f"{module}.{node.name}"
                self._bodies[names[node.name]] = (module, None, node)
            elif isinstance(node, ast.ClassDef):
                names[node.name] = f"{module}.{node.name}"
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef):
                        method = f"{module}.{node.name}.{inner.name}"
                        self._bodies[method] = (module, names[node.name], inner)
                        self._methods[inner.name].append(method)
        self._exports[module] = names
        self._rooms[module] = {_room(f"{module}."), *map(_room, names.values())}

    def _resolve(self, dotted: str) -> str:
        """Where a name is defined: `packshot.photo.decode` is `packshot.photo.decode.decode`."""
        for _ in range(8):
            module, _dot, name = dotted.rpartition(".")
            further = self._exports.get(module, {}).get(name, dotted)
            if further == dotted:
                break
            dotted = further
        return dotted

    def _called(self, module: str, owner: str | None, body: ast.AST) -> Iterator[str]:
        of_type = {
            each.arg: self._resolve(self._exports[module].get(each.annotation.id, ""))
            for each in ast.walk(body)
            if isinstance(each, ast.arg) and isinstance(each.annotation, ast.Name)
        }
        for node in ast.walk(body):
            # What is handed on to be called (a callback, a `partial`) counts as a call of the function that hands it.
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                yield from self._targets(self._resolve(self._exports[module].get(node.id, "")))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                of_self = isinstance(node.func.value, ast.Name) and node.func.value.id == "self"
                method = f"{owner}.{node.func.attr}"
                typed = of_type.get(node.func.value.id) if isinstance(node.func.value, ast.Name) else None
                if of_self and owner is not None and method in self._bodies:
                    yield method
                elif typed is not None and f"{typed}.{node.func.attr}" in self._bodies:
                    yield f"{typed}.{node.func.attr}"
                elif len(found := self._methods[node.func.attr]) == 1 and _room(found[0]) in self._rooms[module]:
                    yield from found

    def _targets(self, name: str) -> Iterator[str]:
        for target in (name, f"{name}.__init__", f"{name}.__post_init__", f"{name}.__call__"):
            if target in self._bodies:
                yield target

    def longest(self, start: str) -> list[str]:
        """The longest chain that begins with a function."""
        path: list[str] = []

        @cache
        def best(name: str) -> tuple[str, ...]:
            path.append(name)
            further = [best(each) for each in sorted(self.calls[name]) if each not in path]
            path.pop()
            return (name, *max(further, key=len, default=()))

        return list(best(start))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--chains", action="store_true", help="Print the chains, name by name.")
    asked = parser.parse_args()
    files = {path: lines_of(path) for path in modules().values()}
    rooms: dict[str, int] = defaultdict(int)
    for path, lines in files.items():
        inside = path.relative_to(SOURCE).parts
        rooms[f"{inside[0]}/" if len(inside) > 1 else "*.py"] += lines
    print("| room | lines |\n|---|---|")
    for room, lines in sorted(rooms.items(), key=lambda item: -item[1]):
        print(f"| `{room}` | {lines} |")
    command_line = [lines for path, lines in files.items() if path.relative_to(SOURCE).parts[0] == "cli"]
    untyped = sum(len(UNTYPED.findall(path.read_text(encoding="utf-8"))) for path in files)
    long = {str(path.relative_to(SOURCE)): lines for path, lines in files.items() if lines > 300}
    print("\n| measured | value |\n|---|---|")
    print(f"| lines in all | {sum(files.values())} in {len(files)} files |")
    print(f"| lines of `cli/` | {sum(command_line)} in {len(command_line)} files, the longest {max(command_line)} |")
    parts = parts_of([path for path in files if path.relative_to(SOURCE).parts[0] == "cli"])
    print(f"| of these | {', '.join(f'{lines} {kind}' for kind, lines in parts.items())} |")
    print(f"| `dict[str, Any]` | {untyped} |")
    print(f"| files over 300 lines | {', '.join(f'{name} {lines}' for name, lines in long.items()) or 'none'} |")
    print(f"| shared blocks of six and more lines | {len(shared_blocks(SOURCE))} |")
    calls = Calls()
    for name, start in COMMANDS.items():
        chain = calls.longest(start)
        print(f"| longest chain of calls of `{name}` | {len(chain)} |")
        if asked.chains:
            print("\n".join(f"|   | `{each.removeprefix('packshot.')}` |" for each in chain))


if __name__ == "__main__":
    main()
