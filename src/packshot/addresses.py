"""Network addresses: which are the open internet, and the parts of those that strangers give."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urljoin, urlsplit

__all__ = ["is_public", "join_address", "split_address"]

# What Python's table (IANA's, as of its release) may lack. Azure's metadata service answers on a public address; the
# others (169.254.169.254, fd00:ec2::254, 100.100.100.200) are link-local, private or shared.
# Source: learn.microsoft.com, "What is IP address 168.63.129.16?", 2024; RFC 6890 (2013); RFC 8215 (2017).
_ALSO_INSIDE = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.0.0.0/24", "64:ff9b:1::/48")))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet.

    Private, shared, loopback, link-local, multicast, reserved and metadata addresses are not, nor are IPv6 addresses
    that only wrap such an IPv4 address (mapped, 6to4, Teredo, NAT64).

    Args:
        address: IPv4 or IPv6, in numbers; a zone (``%eth0``) is allowed.

    Example:
        >>> is_public("93.184.216.34"), is_public("10.0.0.1"), is_public("::ffff:169.254.169.254")
        (True, False, False)
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        wrapped = _wrapped(parsed)
        if wrapped is not None:
            return is_public(str(wrapped))
        if parsed.is_site_local:
            return False
    inside = parsed.is_multicast or parsed.is_reserved or any(parsed in network for network in _ALSO_INSIDE)
    return parsed.is_global and not inside


def split_address(text: str) -> SplitResult | None:
    """The parts of an address as a stranger gives it: a shop's answer, a redirect, a header.

    Args:
        text: such as a URL.

    Returns:
        The parts, whose `port` can be read; None where `urllib.parse` refuses it (brackets that do not match, a port
        that is no number, a host with signs that stand for others).

    Example:
        >>> split_address("https://shop.example:8443/a").port
        8443
        >>> split_address("https://[bad/a"), split_address("https://shop.example:http/a")
        (None, None)
    """
    try:
        parts = urlsplit(text)
        _ = parts.port  # is read, and refused, only when it is asked for
    except ValueError:
        return None
    return parts


def join_address(base: str, text: str) -> str | None:
    """An address as a stranger gives it, against the one where it stood; None where it is none.

    Args:
        base: where it stood.
        text: such as the target of a redirect; may be relative.

    Example:
        >>> join_address("https://shop.example/a/b", "c"), join_address("https://shop.example/", "//[bad/")
        ('https://shop.example/a/c', None)
    """
    try:
        joined = urljoin(base, text)
    except ValueError:
        return None
    return None if split_address(joined) is None else joined


def _wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
