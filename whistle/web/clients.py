"""Whom a request comes from, as far as limits need to know: one address, or the network one line is given.

Nothing here is kept, and no page sees it; `services/limits.py` counts under a keyed hash of it.
"""

import ipaddress
from typing import Any

from flask import request

#: Where a request's client stands in its environ.
CLIENT = "whistle.client"

#: What one IPv6 customer is given; a host in it changes its address as it likes.
IPV6_PREFIX = 64


def client_of(environ: dict[str, Any], proxies: int) -> str:
    """The client of a request that came through so many proxies of ours; '' where it cannot be told.

    Only what our outermost proxy wrote counts: it stands `proxies` places from the end of X-Forwarded-For.
    """
    if not proxies:
        return network(str(environ.get("REMOTE_ADDR") or ""))
    said = [part.strip() for part in str(environ.get("HTTP_X_FORWARDED_FOR") or "").split(",")]
    return network(said[-proxies]) if len(said) >= proxies else ""


def client() -> str:
    """Whom this request comes from."""
    return str(request.environ.get(CLIENT, ""))


def network(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address; '' for what is none."""
    try:
        found = ipaddress.ip_address(address.strip().strip("[]"))
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(found), IPV6_PREFIX), strict=False).network_address)
    return str(found)
