"""Whom a request comes from: a network as it is given to one line, through as many proxies as are ours."""

import pytest

from whistle.web.clients import client_of, network


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("[2001:db8:1:3::1]", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("::1", "::"),
        ("", ""),
        ("unix:", ""),
        ("not an address", ""),
    ],
)
def test_a_line_is_an_ipv4_address_or_an_ipv6_network(address: str, told: str) -> None:
    assert network(address) == told


@pytest.mark.parametrize(
    ("proxies", "said", "told"),
    [
        (0, "198.51.100.7", "203.0.113.9"),  # nobody is believed
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),  # the first was the caller's own word
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", ""),  # one of the two proxies says nothing
        (1, "", ""),
        (1, "unknown", ""),
    ],
)
def test_proxies_of_ours_are_believed_and_no_one_else(proxies: int, said: str, told: str) -> None:
    environ = {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": said}
    assert client_of(environ, proxies) == told
