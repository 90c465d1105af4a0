"""Bytes of known size over a connection that may end, lie or dawdle."""

import random
import socket
import threading

import pytest

from packshot.errors import FetchFailed, OutputError
from packshot.runtime.fetching import download as module
from packshot.runtime.fetching.download import Patience, download
from packshot.runtime.fetching.part import PartFile

CONTENT = random.Random(3).randbytes(1_000_003)
SIZE = len(CONTENT)
QUICK = Patience(answer_s=5, pause_s=0)


@pytest.fixture
def part(tmp_path):
    return PartFile(tmp_path / "x.part")


@pytest.fixture
def publisher(publish):
    return publish(CONTENT)


def get(publisher, part, path="/x", size=SIZE, patience=QUICK):
    """What was told, in order."""
    told = []
    download(f"{publisher.url}{path}", part, size=size, tell=told.append, patience=patience)
    return told


def test_a_file_comes_whole_and_progress_only_grows(publisher, part):
    told = get(publisher, part)
    assert part.path.read_bytes() == CONTENT
    assert told[0] == 0
    assert told[-1] == len(CONTENT)
    assert told == sorted(told)
    (asked,) = publisher.asked
    assert "range" not in asked
    assert asked["accept-encoding"] == "identity"
    assert asked["user-agent"].startswith("packshot/")


def test_what_is_there_is_not_asked_for_again(publisher, part):
    publisher.cuts = [400_000]
    with pytest.raises(FetchFailed, match=r"400000 of 1000003 bytes came \(the connection ended\): repeat the command"):
        get(publisher, part, patience=Patience(tries=1))
    assert part.path.read_bytes() == CONTENT[:400_000]
    told = get(publisher, part)
    assert told[0] == 400_000
    assert part.path.read_bytes() == CONTENT
    assert publisher.asked[-1]["range"] == "bytes=400000-"
    assert publisher.asked[-1]["if-range"] == '"one"'
    assert get(publisher, part) == []  # nothing is missing: nobody is asked
    assert len(publisher.asked) == 2


def test_a_connection_that_breaks_off_is_taken_up_again_by_itself_while_bytes_come(publisher, part):
    publisher.cuts = [100, 50_000, 300_000]
    get(publisher, part)
    assert part.path.read_bytes() == CONTENT
    assert [asked.get("range") for asked in publisher.asked] == [None, "bytes=100-", "bytes=50100-", "bytes=350100-"]


def test_it_is_given_up_after_some_tries_and_at_once_where_nothing_comes(publisher, part):
    publisher.cuts = [10] * 9
    with pytest.raises(FetchFailed, match="50 of 1000003 bytes came"):
        get(publisher, part)
    publisher.cuts = [0] * 9
    with pytest.raises(FetchFailed, match="50 of 1000003 bytes came"):
        get(publisher, part)
    assert len(publisher.asked) == 5 + 1


@pytest.mark.parametrize("tag", ['"two"', 'W/"weak"', None])
def test_another_version_or_a_server_without_parts_begins_anew(publisher, part, tag):
    publisher.etag = tag
    publisher.cuts = [1000]
    with pytest.raises(FetchFailed):
        get(publisher, part, patience=Patience(tries=1))
    publisher.content = CONTENT[::-1]
    publisher.etag = '"three"'
    publisher.ranges = tag == '"two"'
    told = get(publisher, part)
    assert told[0] == 0
    assert part.path.read_bytes() == CONTENT[::-1]
    assert part.entity_tag == '"three"'
    assert publisher.asked[-1].get("if-range") == ('"two"' if tag == '"two"' else None)  # weak tags vouch for no bytes


def test_a_part_the_server_cannot_go_on_from_is_dropped(publisher, part):
    part.begin(None)
    part.append(CONTENT[:-1] + b"xx")
    publisher.content = CONTENT[:500]
    get(publisher, part, size=500)  # longer than the file: begun anew without asking for a range
    assert part.path.read_bytes() == CONTENT[:500]
    publisher.content = CONTENT[:200]
    part.begin(None)
    part.append(b"y" * 300)
    with pytest.raises(FetchFailed, match="expected 400 bytes, the server announces 200"):
        get(publisher, part, size=400)  # 416, then the whole of the wrong file
    assert [asked.get("range") for asked in publisher.asked] == [None, "bytes=300-", None]
    assert part.length == 0


@pytest.mark.parametrize(
    ("status", "words"), [(404, "answers 404 Not Found: look in a browser"), (500, "answers 500 .*: try again later")]
)
def test_a_server_that_refuses_is_quoted(publisher, part, status, words):
    publisher.status = status
    with pytest.raises(FetchFailed, match=words):
        get(publisher, part)
    assert not part.path.exists()
    assert len(publisher.asked) == 1


def test_a_page_in_place_of_the_file_is_refused_before_a_byte_is_kept(publisher, part):
    publisher.content = b"<html>please log in</html>"
    with pytest.raises(FetchFailed, match="expected 1000003 bytes, the server announces 26"):
        get(publisher, part)
    assert not part.path.exists()
    publisher.content, publisher.headers = CONTENT, {"Content-Encoding": "gzip"}
    with pytest.raises(FetchFailed, match="packed as gzip"):
        get(publisher, part)
    assert not part.path.exists()


def test_more_than_the_file_is_never_kept(publish, part):
    """A server that announces no length, and sends for ever."""
    listener = socket.create_server(("127.0.0.1", 0))

    def flood():
        connection, _ = listener.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            try:
                while True:
                    connection.sendall(bytes(100_000))
            except OSError:
                pass

    thread = threading.Thread(target=flood, daemon=True)
    thread.start()
    with pytest.raises(FetchFailed, match="more than the expected 500000 bytes came; they are deleted"):
        download(
            f"http://127.0.0.1:{listener.getsockname()[1]}/x", part, size=500_000, tell=lambda _: None, patience=QUICK
        )
    thread.join(10)
    assert not thread.is_alive()
    assert not part.path.exists()
    listener.close()


def test_another_part_than_was_asked_for_is_refused(publisher, part):
    part.begin('"one"')
    part.append(b"x" * 10)
    publisher.content = CONTENT + b"more"
    with pytest.raises(FetchFailed, match="expected bytes 10-1000002/1000003 of the file, the server gives bytes 10-"):
        get(publisher, part)
    assert part.length == 0


def test_a_server_that_never_answers_is_left(part):
    listener = socket.create_server(("127.0.0.1", 0))
    with pytest.raises(FetchFailed, match=r"127\.0\.0\.1 cannot be reached .*check the network"):
        download(
            f"http://127.0.0.1:{listener.getsockname()[1]}/x",
            part,
            size=10,
            tell=lambda _: None,
            patience=Patience(answer_s=0.3, tries=2),
        )
    listener.close()


def test_a_server_that_stops_in_the_middle_is_left_and_what_came_is_kept(publisher, part):
    publisher.gate.clear()
    with pytest.raises(FetchFailed, match=r"500001 of 1000003 bytes came \(no answer in time\)"):
        get(publisher, part, patience=Patience(answer_s=0.3, tries=1))
    assert part.length == 500_001


def test_a_server_that_trickles_is_left(publisher, part):
    publisher.trickle = 0.05
    with pytest.raises(FetchFailed, match=r"then it was too slow: repeat the command"):
        get(publisher, part, patience=Patience(answer_s=5, window_s=0.4, slowest=100_000))
    assert 0 < part.length < 100_000


def test_nobody_there(part):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(FetchFailed, match=r"cannot be reached \(.*refused"):
        download(f"http://127.0.0.1:{port}/x", part, size=10, tell=lambda _: None)
    with pytest.raises(FetchFailed, match=r"no-such-host\.invalid cannot be reached"):
        download("https://no-such-host.invalid/x", part, size=10, tell=lambda _: None)
    assert not part.path.exists()


def test_a_full_disk_is_told_and_leaves_nothing(publisher, part, monkeypatch):
    def full(*_):
        part.discard()
        raise OutputError("no space", remedy="free some")

    monkeypatch.setattr(module.PartFile, "append", full)
    with pytest.raises(OutputError, match="no space"):
        get(publisher, part)
    assert not part.path.exists()
