"""``packshot deliver --to s3://`` and ``sftp://``: laid out as a folder is, resumed, and taken back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packshot_tests.command import run
from packshot_tests.sftp_server import PASSWORD, USER, SftpServer, sftp_server
from packshot_tests.shop import Shop
from packshot_tests.shop_run import deliver, picture, run_of, statuses

from packshot.storage.objects import open_folder

PICTURES = {"shoe/1": "A1", "shoe/2": "A1", "hat": "B2"}


@dataclass(frozen=True)
class There:
    """A place, and what lies there as its owner sees it."""

    uri: str
    files: Callable[[], dict[str, bytes]]
    write: Callable[[str, bytes], object]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SftpServer]:
    (tmp_path / "served").mkdir()
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PACKSHOT_SFTP_PASSWORD", PASSWORD)
    with sftp_server(tmp_path / "served") as started:
        (home / ".ssh" / "known_hosts").write_text(started.known_hosts)
        yield started


@pytest.fixture(params=["s3", "sftp"])
def there(request: pytest.FixtureRequest, tmp_path: Path) -> There:
    if request.param == "s3":
        uri = f"{request.getfixturevalue('bucket')}/shop"
        folder = open_folder(uri)
        return There(uri, lambda: {each.path: folder.read(each.path)[0] for each in folder.list()}, folder.write)
    started = request.getfixturevalue("server")
    root = tmp_path / "served" / "web" / "shop"

    def files() -> dict[str, bytes]:
        found = (path for path in root.rglob("*") if path.is_file())
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}

    return There(
        f"sftp://{USER}@127.0.0.1:{started.port}/web/shop", files, lambda name, data: (root / name).write_bytes(data)
    )


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    return run_of(tmp_path, PICTURES)


def test_it_holds_what_a_folder_holds_and_the_way_back_leads_there(made: Shop, there: There, tmp_path: Path) -> None:
    dry = deliver(made, there.uri, "--dry-run")
    assert dry.code == 0, dry.err
    assert there.files() == {}
    done = deliver(made, there.uri)
    assert (done.code, statuses(done)) == (0, statuses(dry))
    run("deliver", made.out, "--to", f"folder:{tmp_path / 'folder'}")
    folder = tmp_path / "folder"
    there_too = {name: (folder / name).read_bytes() for name in there.files()}
    assert there.files() == there_too
    assert set(there_too) == {
        f"amazon/{name}" for name in ("in/hat.png", "in/shoe/1.png", "in/shoe/2.png", "listing.csv")
    }
    assert set(statuses(deliver(made, there.uri)).values()) == {"same"}

    first = there.files()
    made.redraw("packshots/in/shoe/1.png", picture(77))
    made.review().reject("hat.png", "blurred", by="anna")
    done = deliver(made, there.uri)
    assert statuses(done) == {"in/shoe/1.png": "changed", "in/shoe/2.png": "same", "in/hat.png": "gone"}
    assert "amazon/in/hat.png" not in there.files()
    back = sorted((made.out / "delivery/roll-back").iterdir())
    assert f"--roll-back {back[-1]}" in done.err
    assert run("deliver", "--roll-back", back[-1], "--dry-run").code == 0
    assert there.files() != first
    assert run("deliver", "--roll-back", back[-1]).code == 0
    assert there.files() == first
    assert statuses(deliver(made, there.uri))["in/shoe/1.png"] == "new"


def test_what_somebody_changed_there_is_left_and_named(made: Shop, there: There) -> None:
    deliver(made, there.uri)
    there.write("amazon/in/hat.png", b"edited")
    done = deliver(made, there.uri)
    assert done.code == 3
    assert f"{there.uri}/amazon/in/hat.png exists" in done.err
    assert there.files()["amazon/in/hat.png"] == b"edited"
    (back,) = (made.out / "delivery/roll-back").iterdir()
    done = run("deliver", "--roll-back", back)
    assert (done.code, "was changed there" in done.err) == (3, True)
    assert there.files() == {"amazon/in/hat.png": b"edited"}


def test_a_connection_that_is_lost_is_gone_on_with(made: Shop, server: SftpServer, tmp_path: Path) -> None:
    uri = f"sftp://{USER}@127.0.0.1:{server.port}/shop"
    server.tell("cut 2")
    done = run("deliver", made.out, "--to", uri)
    assert done.code == 1
    assert "not sent twice" in done.err
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "served").rglob("*.png")}
    assert len(before) == 2
    server.tell("cut")
    assert run("deliver", made.out, "--to", uri).code == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(list((tmp_path / "served").rglob("*.png"))) == 3


#: Steps are what is synced (the logs) and each file before and after it was renamed there.
_KILLED = """
import os, sys
import paramiko
from packshot.cli.main import main
import packshot.delivery.direct.delivery, packshot.delivery.direct.sftp
out, to, *kills = sys.argv[1:]
fsync, rename = os.fsync, paramiko.SFTPClient.posix_rename
for at in map(int, kills):
    child = os.fork()
    if not child:
        left = at
        def step():
            global left
            left -= 1
            if not left:
                os.kill(os.getpid(), 9)
        os.fsync = lambda handle: (step(), fsync(handle))
        paramiko.SFTPClient.posix_rename = lambda *names: (step(), rename(*names), step())
        main(["deliver", out, "--to", to])
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no fork, no SIGKILL")
def test_a_delivery_killed_on_the_way_is_finished_by_the_next(made: Shop, server: SftpServer, tmp_path: Path) -> None:
    uri = f"sftp://{USER}@127.0.0.1:{server.port}/shop"
    words = [sys.executable, "-c", _KILLED, str(made.out), uri, "1", "4", "5", "6"]
    ended = subprocess.run(words, capture_output=True, text=True, check=True, timeout=200).stdout.split()
    assert ended.count("-9") == 4
    done = run("deliver", made.out, "--to", uri)
    assert done.code == 0, done.err
    run("deliver", made.out, "--to", f"folder:{tmp_path / 'folder'}")
    there, folder = tmp_path / "served/shop", tmp_path / "folder"
    found = {path.relative_to(there): path.read_bytes() for path in there.rglob("*") if path.is_file()}
    assert found == {name: (folder / name).read_bytes() for name in found}
    assert len(found) == 4
    for path in sorted((made.out / "delivery/roll-back").iterdir(), reverse=True):
        assert run("deliver", "--roll-back", path).code == 0
    assert not [path for path in there.rglob("*") if path.is_file()]


def test_servers_that_are_not_trusted_and_keys_that_are_not_taken(
    made: Shop, server: SftpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = f"sftp://{USER}@127.0.0.1:{server.port}/shop"
    server.tell("password another")
    said = [run("deliver", made.out, "--to", uri)]
    assert (said[0].code, "does not take the key" in said[0].err) == (1, True)
    (tmp_path / "home/.ssh/known_hosts").write_text("")
    said.append(run("deliver", made.out, "--to", uri))
    assert (said[1].code, "known_hosts" in said[1].err) == (1, True)
    said.append(run("deliver", made.out, "--to", uri.replace("@", f":{PASSWORD}@")))
    assert (said[2].code, "PACKSHOT_SFTP_PASSWORD" in said[2].err) == (2, True)
    assert not any(PASSWORD in done.err + done.out for done in said)
    assert not list((tmp_path / "served").iterdir())
    assert not any(PASSWORD.encode() in path.read_bytes() for path in made.out.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", ["/~", "/~/"])
def test_a_tilde_is_the_home(made: Shop, server: SftpServer, tmp_path: Path, path: str) -> None:
    uri = f"sftp://{USER}@127.0.0.1:{server.port}{path}"  # this server's home is its root
    done = run("deliver", made.out, "--to", uri)
    assert done.code == 0, done.err
    assert [each.name for each in (tmp_path / "served").iterdir()] == ["amazon"]
    assert set(statuses(deliver(made, uri)).values()) == {"same"}


def test_a_server_whose_root_is_missing(made: Shop, server: SftpServer, tmp_path: Path) -> None:
    (tmp_path / "served").rmdir()
    done = run("deliver", made.out, "--to", f"sftp://{USER}@127.0.0.1:{server.port}/shop")
    assert (done.code, "127.0.0.1: / is not there: ask who runs the server" in done.err) == (1, True), done.err
