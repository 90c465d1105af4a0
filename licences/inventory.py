"""Writes NOTICE and licences/sbom.cdx.json (CycloneDX): all that packshot installs, carries and was made from.

python licences/inventory.py           write both
python licences/inventory.py --check   exit 1 if one is not what is installed and pinned

Dependencies are walked from pyproject.toml through the metadata of what is installed here, so every user's extra must
be; versions are those of constraints.txt. Licences are what each package declares.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
SBOM, NOTICE = ROOT / "licences" / "sbom.cdx.json", ROOT / "NOTICE"
#: Extras that a user installs; the others are for working on packshot.
EXTRAS = (
    "demo",
    "matting",
    "collect",
    "catalogue",
    "milvus",
    "service",
    "telemetry",
    "train",
    "cloud",
    "ray",
    "shops",
    "sftp",
)
#: Others' scripts that the wheel carries: path below src/packshot -> name, version, licence, address.
#: A minified file must be named here.
VENDORED: dict[str, tuple[str, str, str, str]] = {}

#: What a package's binary wheel carries under other terms than its own code, as the wheel itself says.
BUNDLED = {
    "opencv-python-headless": "FFmpeg: LGPL-2.1",
    "pi-heif": "libheif and libde265: LGPL-3.0",
}

_WORDS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Zope Public License": "ZPL-2.1",
}


@dataclass(frozen=True)
class Dependency:
    """A package that packshot, or one of its extras, installs.

    Attributes:
        name: as its index spells it.
        version: the pinned one.
        licence: an SPDX expression where the package gives one, else its own words.
        extras: what brings it; empty for the core.
    """

    name: str
    version: str
    licence: str
    extras: tuple[str, ...]


def pinned() -> dict[str, str]:
    """Name -> version of constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    found = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    here = [each for each in found if each.marker is None or each.marker.evaluate()]
    return {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each in here}


def dependencies() -> list[Dependency]:
    """All that is installed with packshot, by name; what several bring is the core's if the core needs it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    brought: dict[str, set[str]] = {}
    for extra in ("", *EXTRAS):
        asked = project["dependencies"] if not extra else project["optional-dependencies"][extra]
        for name in _closure(asked):
            brought.setdefault(name, set()).add(extra)
    versions = pinned()
    return [
        Dependency(name, versions[name], licence(name), () if "" in extras else tuple(sorted(extras)))
        for name, extras in sorted(brought.items())
    ]


def _closure(asked: list[str]) -> set[str]:
    todo, seen = [(Requirement(text), "") for text in asked], set()
    while todo:
        requirement, extra = todo.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *sorted(requirement.extras)):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                todo += [(Requirement(text), wanted) for text in metadata.requires(name) or ()]
    return {name for name, _ in seen}


def licence(name: str) -> str:
    """What a package declares: an SPDX expression, its classifiers, or the first line of its field."""
    about = metadata.metadata(name)
    if about["License-Expression"]:
        return str(about["License-Expression"])
    kinds = [line.rsplit(" :: ", 1)[-1] for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    kinds = [kind for kind in kinds if kind != "OSI Approved"]
    if kinds:
        return " AND ".join(sorted({_WORDS.get(kind, kind) for kind in kinds}))
    first = (about["License"] or "").strip().splitlines()
    return _WORDS.get(first[0], first[0][:60]) if first else "not declared"


def cards() -> dict[str, dict[str, Any]]:
    """File name of each network that ships -> its card."""
    return {
        path.stem + ".onnx": json.loads(path.read_text())
        for path in sorted((ROOT / "src/packshot/models").glob("*.json"))
    }


def sbom() -> str:
    """The bill of materials, without a time or serial number: equal input gives equal bytes."""
    licences = LicenseFactory()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    version = project["version"]
    bom = Bom()
    bom.metadata.component = Component(
        name="packshot",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref="packshot",
        licenses=[licences.make_from_string("Apache-2.0")],
    )
    direct = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}
    direct |= {
        canonicalize_name(Requirement(text).name)
        for extra in EXTRAS
        for text in project["optional-dependencies"][extra]
    }
    needed = []
    for each in dependencies():
        purl = PackageURL("pypi", name=each.name, version=each.version)
        facts = [("packshot:extra", extra) for extra in each.extras]
        facts += [("packshot:bundled", BUNDLED[each.name])] if each.name in BUNDLED else []
        component = Component(
            name=each.name,
            version=each.version,
            type=ComponentType.LIBRARY,
            bom_ref=str(purl),
            purl=purl,
            scope=ComponentScope.OPTIONAL if each.extras else ComponentScope.REQUIRED,
            licenses=[licences.make_from_string(each.licence)],
            properties=[Property(name=key, value=value) for key, value in facts],
        )
        bom.components.add(component)
        needed += [component] if each.name in direct else []
    bom.register_dependency(bom.metadata.component, needed)
    for path, (name, number, terms, address) in VENDORED.items():
        script = Component(name=name, version=number, type=ComponentType.LIBRARY)
        bom.components.add(_of_file(script, f"src/packshot/{path}", terms, {"packshot:from": address}))
    for name, card in cards().items():
        made_of = {"packshot:data": "; ".join(f"{data}: {terms}" for data, terms in _data(card))}
        network = Component(name=name, version=version, type=ComponentType.MACHINE_LEARNING_MODEL)
        bom.components.add(_of_file(network, f"src/packshot/models/{name}", card["licence"], made_of))
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    document.pop("serialNumber", None)
    document["metadata"].pop("timestamp", None)
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def _of_file(component: Component, path: str, terms: str, facts: dict[str, str]) -> Component:
    digest = hashlib.sha256((ROOT / path).read_bytes()).hexdigest()
    component.bom_ref.value = path
    component.licenses.add(LicenseFactory().make_from_string(terms))
    component.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=digest))
    component.properties.update(Property(name=key, value=value) for key, value in facts.items() if value)
    return component


def _data(card: dict[str, Any]) -> list[tuple[str, str]]:
    """What a network learned from, and under which terms, as its card has it."""
    return [(f"{each['name']} ({each['note']})", each["licence"]) for each in card["provenance"]]


def notice() -> str:
    """The same for a person."""
    lines = ["packshot", "Copyright The packshot founders. Licensed under the Apache License 2.0 (LICENSE).", ""]
    lines += [
        "Made by `make inventory`; licences/sbom.cdx.json has the same for programs.",
        "Licences are as each package declares them.",
        "",
    ]
    lines += ["NETWORKS that the wheel carries", ""]
    for name, card in cards().items():
        lines.append(f"  {name}: {card['licence']}")
        lines += [f"      learned from {data}: {terms}" for data, terms in _data(card)]
    lines += ["", "SCRIPTS of others that the wheel carries", ""]
    lines += [
        f"  {path}: {name} {number}, {terms}, {address}" for path, (name, number, terms, address) in VENDORED.items()
    ] or ["  none"]
    lines += ["", "PHOTOS of the demo", ""]
    photos = (ROOT / "src/packshot/demo/photos/NOTICE").read_text().splitlines()
    lines += [f"  {line}".rstrip() for line in photos]
    for title, wanted in (("PACKAGES that the core installs", False), ("PACKAGES that extras install", True)):
        lines += ["", title, ""]
        for each in dependencies():
            if bool(each.extras) == wanted:
                brought = f" ({', '.join(each.extras)})" if each.extras else ""
                lines.append(f"  {each.name} {each.version}: {each.licence}{brought}")
                lines += [f"      its binary wheel carries {BUNDLED[each.name]}"] if each.name in BUNDLED else []
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write or check; the exit code is 1 if a file was out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for path, text in ((SBOM, sbom()), (NOTICE, notice())):
        if not path.exists() or path.read_text() != text:
            stale.append(path.name)
            if not check:
                path.write_text(text)
    print("out of date: " + ", ".join(stale) if stale else "NOTICE and SBOM are current")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
