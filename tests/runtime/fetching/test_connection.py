"""Where a request may go, and by which way."""

import base64

import pytest

from packshot.errors import FetchFailed
from packshot.runtime.fetching.connection import open_url, require_safe


def read(url):
    with open_url(url, {}, timeout_s=5) as answer:
        return answer.read()


@pytest.mark.parametrize("url", ["https://a.example/x", "http://localhost:1/x", "http://127.0.0.9/x", "http://[::1]/x"])
def test_encrypted_addresses_and_this_machine_are_asked(url):
    require_safe(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/x",
        "ftp://a.example/x",
        "file:///etc/passwd",
        "http://192.168.0.1/x",
        "https:///x",
        "x",
        "http://[::1/x",
    ],
)
def test_others_are_not(url):
    with pytest.raises(FetchFailed, match="expected an https address"):
        open_url(url, {}, timeout_s=1)


def test_redirects_are_followed_and_the_range_goes_along(publish):
    publisher = publish(b"0123456789")
    publisher.location = f"{publisher.url}/there"
    with open_url(f"{publisher.url}/moved", {"Range": "bytes=4-"}, timeout_s=5) as answer:
        assert answer.read() == b"456789"
    assert [asked["path"] for asked in publisher.asked] == ["/moved", "/there"]


@pytest.mark.parametrize("target", ["http://a.example/x", "https:///x", "http://10.0.0.1/x"])
def test_a_redirect_to_a_plain_address_is_refused(publish, target):
    publisher = publish(b"x")
    publisher.location = target
    with pytest.raises(FetchFailed, match=f"localhost leads to {target}: expected an https address"):
        read(f"{publisher.url}/moved")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.example/x", "/moved"])
def test_other_redirects_end_nowhere(publish, target):
    publisher = publish(b"x")
    publisher.location = target
    with pytest.raises(FetchFailed, match=r"answers 302|expected an https address"):
        read(f"{publisher.url}/moved")


def test_an_encrypted_server_never_leads_to_a_plain_one_of_this_machine(publish, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    plain, safe = publish(b"x"), publish(b"x", tls=certificate)
    safe.location = f"{plain.url}/x"
    with pytest.raises(FetchFailed, match="localhost leads to http://localhost"):
        read(f"{safe.url}/moved")
    assert not plain.asked


def test_a_certificate_that_nobody_vouches_for_is_refused_until_it_is_named(publish, certificate, monkeypatch):
    publisher = publish(b"secret", tls=certificate)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(FetchFailed, match=r"certificate is not trusted .*SSL_CERT_FILE"):
        read(f"{publisher.url}/x")
    assert not publisher.asked
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert read(f"{publisher.url}/x") == b"secret"
    with pytest.raises(FetchFailed, match=r"certificate is not trusted .*127\.0\.0\.1"):  # another host than it is for
        read(f"{publisher.url.replace('localhost', '127.0.0.1')}/x")


def test_plain_requests_go_through_the_proxy_of_the_environment(publish, proxy, monkeypatch):
    publisher = publish(b"content")
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    assert read(f"{publisher.url}/x") == b"content"
    secret = "Basic " + base64.b64encode(b"user:secret").decode()
    assert proxy.asked == [(f"GET {publisher.url}/x HTTP/1.1", secret)]
    monkeypatch.setenv("NO_PROXY", "localhost")
    assert read(f"{publisher.url}/x") == b"content"
    assert len(proxy.asked) == 1


def test_encrypted_requests_go_through_a_tunnel(publish, proxy, certificate, monkeypatch):
    publisher = publish(b"content", tls=certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    assert read(f"{publisher.url}/x") == b"content"
    ((line, secret),) = proxy.asked
    assert line.startswith(f"CONNECT {publisher.url.removeprefix('https://')} HTTP/1.")
    assert secret is not None


def test_a_proxy_that_is_not_there_or_not_known_is_told(publish, monkeypatch):
    publisher = publish(b"content")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with pytest.raises(FetchFailed, match=r"cannot be reached .*HTTPS_PROXY"):
        read(f"{publisher.url}/x")
    monkeypatch.setenv("HTTP_PROXY", "socks5h://127.0.0.1:9")
    with pytest.raises(FetchFailed, match=r"cannot be reached .*socks5h"):
        read(f"{publisher.url}/x")
    assert not publisher.asked
