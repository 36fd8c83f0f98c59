"""Names of other systems that customers give us: never one of our own network."""

from __future__ import annotations

import ipaddress
import socket


class NotOutside(Exception):
    """A name is not known, or, where ``is_inside``, one of its addresses lies inside."""

    def __init__(self, host: str, *, is_inside: bool) -> None:
        super().__init__(host)
        self.is_inside = is_inside


def address_of(host: str, port: int, *, may_stay_inside: bool = False) -> str:
    """Return the address to call: the name is resolved once, and each of its addresses looked at.

    Whoever calls this address, not the name, reaches nothing when the name points elsewhere a
    moment later.

    :raises NotOutside: its name is unknown, or it lies inside our network.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotOutside(host, is_inside=False) from error
    addresses = [str(each[4][0]) for each in found]
    if not may_stay_inside:
        for address in addresses:
            if not ipaddress.ip_address(address.partition("%")[0]).is_global:
                raise NotOutside(host, is_inside=True)
    return addresses[0]
