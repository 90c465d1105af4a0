"""Objects by URI: the same contract on a bucket and on a disk, and what a person is told when a store says no."""

from __future__ import annotations

import base64
import pickle
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from packshot_tests.bucket_server import BucketServer
from packshot_tests.google_server import google_server

from packshot.errors import (
    AccessDenied,
    BucketNotFound,
    ObjectChanged,
    ObjectExists,
    ObjectNotFound,
    StorageUnavailable,
    UsageError,
)
from packshot.storage.objects import ObjectFolder, ObjectUri, open_folder
from packshot.storage.objects.failures import storage_error


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket that answers as Google's documentation says."""
    with google_server() as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.host)
        yield "gs://shop"


@pytest.fixture(params=["bucket", "google", "disk"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectFolder:
    uri = f"file://{tmp_path}/shop" if request.param == "disk" else request.getfixturevalue(request.param)
    return open_folder(f"{uri}/in")


def test_what_is_written_is_read_listed_and_removed(folder: ObjectFolder) -> None:
    folder.check()
    etag = folder.write("sub/a b+ü#?%20.jpg", b"0123456789", content_type="image/jpeg")
    assert folder.read("sub/a b+ü#?%20.jpg")[0] == b"0123456789"
    assert folder.read_range("sub/a b+ü#?%20.jpg", 3, 4) == b"3456"
    assert folder.head("sub/a b+ü#?%20.jpg").etag == etag == folder.read("sub/a b+ü#?%20.jpg")[1].etag
    assert [(one.path, one.size, one.etag) for one in folder.list()] == [("sub/a b+ü#?%20.jpg", 10, etag)]
    folder.delete(["sub/a b+ü#?%20.jpg", "never/there"])
    assert list(folder.list()) == []
    with pytest.raises(ObjectNotFound, match=r"a b\+ü"):
        folder.read("sub/a b+ü#?%20.jpg")


def test_listings_are_in_the_order_of_the_keys_bytes(folder: ObjectFolder) -> None:
    names = ["a/x", "a-b", "a.b", "a", "ab", "a0/y", "é", "z", "Z", "🎽"]
    paths = [f"deep/{name}" if name != "a" else "deep/a1" for name in names]
    for path in paths:
        folder.write(path, b"")
    expected = sorted(paths, key=str.encode)
    assert [one.path for one in folder.list("deep")] == [one.path for one in folder.list()] == expected
    assert [one.path for one in folder.list("deep", after="deep/a0/y")] == expected[expected.index("deep/a0/y") + 1 :]
    assert list(folder.list("dee")) == []


def test_an_object_is_made_once(folder: ObjectFolder) -> None:
    etag = folder.create("row", b"first")
    with pytest.raises(ObjectExists):
        folder.create("row", b"second")
    assert folder.create("row", b"first") == etag  # a request whose answer was lost
    assert folder.read("row")[0] == b"first"


def test_an_object_is_replaced_only_by_who_knows_it(folder: ObjectFolder) -> None:
    first = folder.create("lease", b"1")
    assert first is not None
    second = folder.replace("lease", b"2", etag=first)
    assert second not in (None, first)
    with pytest.raises(ObjectChanged):
        folder.replace("lease", b"3", etag=first)
    assert folder.read("lease")[0] == b"2"
    folder.delete(["lease"])
    with pytest.raises(ObjectChanged):
        folder.replace("lease", b"3", etag=str(second))


def test_a_stream_becomes_one_object(folder: ObjectFolder) -> None:
    pieces = [bytes([number]) * 1_000_000 for number in range(20)]
    folder.write_stream("manifest", iter(pieces))
    assert folder.read("manifest")[0] == b"".join(pieces)


def test_a_folder_survives_pickling(folder: ObjectFolder) -> None:
    folder.write("a", b"1")
    assert pickle.loads(pickle.dumps(folder)).read("a")[0] == b"1"


def test_what_is_not_there_keeps_nothing_else_from_being_removed(folder: ObjectFolder) -> None:
    names = [f"{number:02}" for number in range(40)]
    for name in names:
        folder.write(name, b"1")
    folder.delete(["never/there", *names[:20], "nor/this", *names[20:]])
    assert list(folder.list()) == []


def test_a_google_bucket_that_is_not_there_is_named(google: str) -> None:
    folder = open_folder("gs://nobody-made-this/in", retry_s=1)
    for ask in (folder.check, lambda: folder.read("a"), lambda: folder.write("a", b""), lambda: list(folder.list())):
        with pytest.raises(BucketNotFound, match="gs://nobody-made-this is not there: make the bucket"):
            ask()


@pytest.mark.parametrize("text", ["http://x/y", "photos/a", "s3://", "s3:///a", "file://relative"])
def test_a_wrong_uri_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        ObjectUri.parse(text)


def test_a_bucket_that_is_not_there_is_named(bucket: str) -> None:
    folder = open_folder("s3://nobody-made-this/in")
    for ask in (folder.check, lambda: folder.read("a"), lambda: folder.write("a", b""), lambda: list(folder.list())):
        with pytest.raises(BucketNotFound, match="s3://nobody-made-this is not there: make the bucket"):
            ask()


def test_a_key_no_path_can_have_is_told(bucket: str, bucket_host: BucketServer) -> None:
    import urllib.request

    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request"}
    place = f"{bucket_host.endpoint}/{bucket.removeprefix('s3://')}/in/a//b.jpg"
    urllib.request.urlopen(urllib.request.Request(place, method="PUT", headers=headers, data=b"x")).close()
    with pytest.raises(UsageError, match=r"a//b\.jpg.*rename that object"):
        list(open_folder(f"{bucket}/in").list())


def test_a_server_that_is_gone_is_told(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(StorageUnavailable, match="check the endpoint"):
        open_folder(bucket, retry_s=0.5).check()


def test_keys_of_a_profile_are_used(
    bucket: str, bucket_host: BucketServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name)
    (tmp_path / "credentials").write_text("[shop]\naws_access_key_id = test\naws_secret_access_key = test\n")
    (tmp_path / "config").write_text(f"[profile shop]\nregion = us-east-1\nendpoint_url = {bucket_host.endpoint}\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "shop")
    open_folder(bucket).write("a", b"1")
    assert [one.path for one in open_folder(bucket).list()] == ["a"]
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(UsageError, match="AWS_PROFILE is nobody"):
        open_folder(bucket)


def test_a_folder_on_a_disk_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(AccessDenied, match="check its permissions"):
        open_folder(f"file://{tmp_path}").check()


def test_a_path_does_not_leave_its_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        open_folder(f"file://{tmp_path}/in").write("../out", b"")


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "sub" / "a.jpg").write_bytes(b"1")
    (tmp_path / "in" / "sub" / "up").symlink_to(tmp_path / "in", target_is_directory=True)
    assert [one.path for one in open_folder(f"file://{tmp_path}/in").list()] == ["sub/a.jpg"]


class AzureAnswers(BaseHTTPRequestHandler):
    """One blob, told as Azurite 3.35.0 tells it: its etag is in quotes, but not in a listing."""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.send_response(200)
        body = b""
        if "comp=list" in self.path:
            body = (
                b"<EnumerationResults><Blobs><Blob><Name>in/a</Name><Properties><Etag>0x2684B5732CA0260</Etag>"
                b"<Last-Modified>Tue, 01 Dec 2026 16:25:02 GMT</Last-Modified><Content-Length>10</Content-Length>"
                b"<Content-Type>image/jpeg</Content-Type></Properties></Blob></Blobs><NextMarker/></EnumerationResults>"
            )
        else:
            self.send_header("ETag", '"0x2684B5732CA0260"')
            self.send_header("Last-Modified", "Tue, 01 Dec 2026 16:25:02 GMT")
        self.send_header("Content-Length", str(len(body) or 10))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET


def test_an_etag_of_azure_is_the_same_in_a_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A photo is unchanged while its etag is: of a listing as of the photo itself."""
    with ThreadingHTTPServer(("127.0.0.1", 0), AzureAnswers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AZURE_STORAGE_ENDPOINT", f"http://127.0.0.1:{server.server_port}/account")
        monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
        monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", base64.b64encode(b"key").decode())
        folder = open_folder("az://shop/in", retry_s=1)
        assert [one.etag for one in folder.list()] == [folder.head("a").etag] == ['"0x2684B5732CA0260"']
        server.shutdown()


def test_azures_own_words_are_one_line() -> None:
    """As Azurite 3.35.0 answers to a wrong key."""
    said = (
        "<Error><Code>AuthorizationFailure</Code><Message>Server failed to authenticate the request.\n"
        "RequestId:8d75337b\nTime:2026-12-01T16:42:08.020Z</Message></Error> 403 Forbidden"
    )
    told = storage_error("failed", said, uri=ObjectUri.parse("az://shop/in"), path="a")
    assert isinstance(told, AccessDenied)
    assert "(AuthorizationFailure: Server failed to authenticate the request.): check AZURE_STORAGE" in str(told)
