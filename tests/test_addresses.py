"""Which addresses are the open internet (the oracle: IANA's special-purpose registries), and which are none at all."""

from __future__ import annotations

import pytest

from packshot.addresses import is_public, join_address, split_address


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:2800:220:1::1", "::ffff:8.8.8.8"]
)
def test_the_open_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # RFC 1122: this host
        "10.0.0.1",  # RFC 1918
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",  # RFC 6598: shared by carriers
        "100.100.100.200",  # Alibaba's metadata
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",  # metadata of most clouds
        "192.0.0.192",  # Oracle's
        "168.63.129.16",  # Azure's, on a public address
        "198.18.0.1",  # RFC 2544: benchmarks
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",  # AWS' metadata over IPv6
        "fec0::1",  # RFC 3879: site-local
        "ff02::1",
        "::ffff:127.0.0.1",  # IPv4 in IPv6
        "::ffff:a9fe:a9fe",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "64:ff9b:1::1",  # RFC 8215: local NAT64
        "64:ff9b::a9fe:a9fe",  # NAT64 of 169.254.169.254
        "2001:0:4136:e378:8000:63bf:80ff:fffe",  # Teredo of 127.0.0.1
        "localhost",
        "",
    ],
)
def test_all_else(address: str) -> None:
    assert not is_public(address)


BROKEN = [
    "https://[bad/x",
    "http://[",
    "http://[127.0.0.1]/",  # brackets are for IPv6: RFC 3986, section 3.2.2
    "https://shop.example:http/x",
    "https://shop.example:70000/x",
    "https://shop.example\uff0f.evil.example/",  # NFKC makes a slash of it
]


@pytest.mark.parametrize("address", BROKEN)
def test_what_is_no_address_has_no_parts(address: str) -> None:
    assert split_address(address) is None
    assert join_address("https://shop.example/", address) is None


def test_parts_of_an_address_and_of_one_that_leads_on() -> None:
    parts = split_address("https://shop.example:8443/a?b")
    assert parts is not None
    assert (parts.scheme, parts.hostname, parts.port, parts.path, parts.query) == (
        "https",
        "shop.example",
        8443,
        "/a",
        "b",
    )
    # RFC 3986, section 5.4.1
    assert join_address("http://a/b/c/d;p?q", "../g") == "http://a/b/g"
    assert join_address("http://a/b/c/d;p?q", "//g") == "http://g"
