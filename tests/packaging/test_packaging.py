"""The files for servers keep what they promise: no rights, nothing writable, no network, keys, commands that exist."""

import importlib.util
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import click
import pytest
import yaml

from packshot.cli.main import program

PACKAGING = Path(__file__).parents[2] / "packaging"
DOCKERFILE = (PACKAGING / "Dockerfile").read_text()
INSTRUCTIONS = re.findall(r"^([A-Z]+) (.*)$", DOCKERFILE.replace("\\\n", " "), flags=re.MULTILINE)
COMPOSE = yaml.safe_load((PACKAGING / "compose.yaml").read_text())
UNITS = sorted(PACKAGING.glob("*.service"))


def parsed(words: list[str]) -> None:
    """Refuse a command that packshot does not have, or not with these options."""
    context = click.Context(program, info_name="packshot")
    name, command, rest = program.resolve_command(context, words)
    assert command is not None
    command.make_parser(click.Context(command, info_name=name, parent=context)).parse_args(list(rest))


def trial() -> ModuleType:
    spec = importlib.util.spec_from_file_location("try_container", PACKAGING / "try_container.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_image_is_pinned_small_and_without_rights() -> None:
    stages = [index for index, (name, _) in enumerate(INSTRUCTIONS) if name == "FROM"]
    assert len(stages) == 2, "what builds is not in what runs"
    for name, words in INSTRUCTIONS:
        if name == "FROM":
            assert re.match(r"python:3\.\d+-slim-\w+( AS \w+)?$", words), words
        assert name not in {"ADD", "MAINTAINER", "VOLUME"}
        assert "curl" not in words or name != "RUN"
        assert "apt" not in shlex.split(words)
    last = dict(INSTRUCTIONS[stages[-1] :])
    assert last["USER"] == "10001:10001"
    assert "root" not in last["USER"]
    pip = next(words for name, words in INSTRUCTIONS if name == "RUN" and "pip" in words)
    assert "--constraint constraints.txt" in pip
    assert "--no-cache-dir" in pip


def test_what_the_image_needs_is_copied_and_let_through() -> None:
    ignored = (PACKAGING / "Dockerfile.dockerignore").read_text().split()
    assert ignored[0] == "**", "nothing is sent but what is named"
    let_in = {each[1:].removesuffix("/**") for each in ignored if each.startswith("!")}
    copied = [words.split()[:-1] for name, words in INSTRUCTIONS if name == "COPY" and "--from" not in words]
    assert {each for words in copied for each in words} == let_in
    assert all((PACKAGING.parent / each).exists() for each in let_in)


def test_the_image_starts_the_service_with_keys() -> None:
    last = dict(INSTRUCTIONS[[index for index, (name, _) in enumerate(INSTRUCTIONS) if name == "FROM"][-1] :])
    assert (last["ENTRYPOINT"], last["CMD"]) == ('["packshot"]', '["serve"]')
    parsed(["serve"])
    environment = trial().environment_of(DOCKERFILE)
    assert environment["PACKSHOT_SERVE_HOST"] == "0.0.0.0"
    assert environment["PACKSHOT_SERVE_KEYS"].startswith("/run/secrets/")
    secrets = COMPOSE["services"]["packshot"]["secrets"]
    assert [f"/run/secrets/{name}" for name in secrets] == [environment["PACKSHOT_SERVE_KEYS"]]
    assert set(secrets) <= set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_containers_cannot_write_rise_or_grow(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert any(each.startswith("/tmp:size=") for each in service["tmpfs"])
    assert {"mem_limit", "pids_limit", "stop_grace_period"} <= set(service)
    assert "privileged" not in service
    assert all(each.startswith("127.0.0.1:") for each in service.get("ports", [])), "a proxy stands before it"
    if "command" in service:
        parsed(service["command"])


def test_the_watching_container_has_no_network() -> None:
    assert COMPOSE["services"]["watch"]["network_mode"] == "none"


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_start_what_there_is_without_rights(unit: Path) -> None:
    text = unit.read_text()
    pairs = re.findall(r"^(\w+)=(.*)$", text, flags=re.MULTILINE)
    settings = dict(pairs)
    command = shlex.split(settings["ExecStart"])
    assert command[0] == "/opt/packshot/bin/packshot"
    parsed(command[1:])
    for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID"):
        assert settings[name] == "yes"
    assert settings["ProtectSystem"] == "strict"
    assert settings["CapabilityBoundingSet"] == ""
    assert settings.get("DynamicUser") == "yes" or settings["User"] == "packshot"
    # systemd takes quotes within a word away.
    assert all(value.startswith("'") for name, value in pairs if name == "Environment" and '"' in value)
    assert int(settings["TimeoutStopSec"]) > 60, "longer than requests in hand have"


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_understands_the_units(unit: Path, tmp_path: Path) -> None:
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("systemd is not here")
    program_there = tmp_path / unit.name.replace("@.", "@studio.")
    program_there.write_text(unit.read_text().replace("/opt/packshot/bin/packshot", "/bin/true"))
    done = subprocess.run([analyse, "verify", "--man=no", program_there], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if program_there.name in line]
    assert ours == []


def test_the_proxy_lets_through_what_packshot_takes() -> None:
    text = (PACKAGING / "nginx.conf").read_text()
    assert text.count("{") == text.count("}")
    size = re.search(r"client_max_body_size (\d+)m;", text)
    assert size is not None
    assert int(size[1]) > 22
    assert "proxy_buffering off;" in text
    assert "proxy_set_header Host $host;" in text
