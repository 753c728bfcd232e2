"""The second factor: right codes once, in their time."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from whistle.vault.totp import check_totp, new_totp_seed, totp_uri

#: The ASCII key of RFC 6238, appendix B, in base32; its codes there have eight digits, ours are the last six.
RFC_SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOW = datetime(2026, 11, 23, 9, 30, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


def code_at(step):
    return pyotp.TOTP(RFC_SEED).generate_otp(step)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_of_the_rfc_are_taken(seconds, code):
    assert check_totp(RFC_SEED, code, datetime.fromtimestamp(seconds, UTC), last_step=0) == seconds // 30


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_code_one_step_off_is_taken(drift):
    assert check_totp(RFC_SEED, code_at(STEP + drift), NOW, last_step=0) == STEP + drift


@pytest.mark.parametrize("drift", [-3, -2, 2, 3])
def test_a_code_further_off_is_refused(drift):
    assert check_totp(RFC_SEED, code_at(STEP + drift), NOW, last_step=0) is None


def test_a_code_works_once():
    used = check_totp(RFC_SEED, code_at(STEP), NOW, last_step=0)

    assert check_totp(RFC_SEED, code_at(STEP), NOW, last_step=used) is None
    assert check_totp(RFC_SEED, code_at(STEP - 1), NOW, last_step=used) is None
    assert check_totp(RFC_SEED, code_at(STEP + 1), NOW + timedelta(seconds=30), last_step=used) == STEP + 1


@pytest.mark.parametrize(
    "write", [str, lambda c: f"{c[:3]} {c[3:]}", lambda c: "".join(chr(ord(d) + 0xFEE0) for d in c)]
)
def test_spaces_and_full_width_digits_are_taken(write):
    assert check_totp(RFC_SEED, write(code_at(STEP)), NOW, last_step=0) == STEP


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\ud800", "一二三四五六"])
def test_what_can_be_no_code_is_refused(code):
    assert check_totp(RFC_SEED, code, NOW, last_step=0) is None


def test_a_time_without_zone_is_a_programmers_mistake():
    with pytest.raises(ValueError, match="time zone"):
        check_totp(RFC_SEED, code_at(STEP), NOW.replace(tzinfo=None), last_step=0)


def test_the_address_in_the_qr_code_names_seed_person_and_office():
    seed = new_totp_seed()
    uri = urlsplit(totp_uri(seed, "zhang.wei", "Whistle 清河区"))

    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert parse_qs(uri.query)["secret"] == [seed]
    assert parse_qs(uri.query)["issuer"] == ["Whistle 清河区"]
    assert len(seed) == 32
    assert new_totp_seed() != seed
