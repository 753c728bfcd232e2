"""The mail server, a real one on this machine: what a letter looks like there, and whose fault it is when none goes."""

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.post_office import SECRET, USER, PostOffice, check_sign_in
from whistle.gateways.smtp import Letter, Server, Undelivered

NOON = dt.datetime(2026, 9, 14, 4, 0, tzinfo=dt.UTC)
LETTER = Letter("wang@example.org", "工作提醒", "有2个期限。\n", "a1", NOON)


@contextmanager
def opened(**options: Any) -> Iterator[PostOffice]:
    office = PostOffice(**options)
    office.open()
    try:
        yield office
    finally:
        office.shut()


def hand_over(url: str, *letters: Letter) -> None:
    with Server(url).session() as session:
        for letter in letters or (LETTER,):
            session.send(letter)


def refused(url: str, *letters: Letter) -> tuple[str, bool, bool]:
    with pytest.raises(Undelivered) as told:
        hand_over(url, *letters)
    return told.value.why, told.value.is_final, told.value.is_for_all


def test_a_letter_arrives_as_it_was_written_and_tells_nothing_of_this_machine() -> None:
    with opened() as office:
        hand_over(office.url)
        (letter,), (envelope,) = office.letters, office.envelopes
    assert (letter["From"], letter["To"], letter["Subject"]) == (
        "whistle@example.org",
        "wang@example.org",
        "工作提醒",
    )
    assert letter.get_content().splitlines() == ["有2个期限。"]
    assert (letter["Message-ID"], letter["Auto-Submitted"]) == ("<a1@example.org>", "auto-generated")
    assert letter["Date"].datetime == NOON
    assert (envelope.mail_from, envelope.rcpt_tos) == ("whistle@example.org", ["wang@example.org"])
    assert socket.gethostname() not in letter.as_string()


@pytest.mark.parametrize(
    ("what", "answer", "fault"),
    [
        ("wang@example.org", "550 no such user", ("address", True, False)),
        ("wang@example.org", "450 greylisted", ("later", False, False)),
        ("wang@example.org", "421 going down", ("unreachable", False, True)),
        ("data", "554 no", ("letter", True, False)),
        ("data", "452 full", ("later", False, False)),
        ("sender", "550 who are you", ("sender", False, True)),
        ("sender", "421 going down", ("unreachable", False, True)),
    ],
)
def test_what_is_not_taken_is_told_with_whose_fault_it_is(
    what: str, answer: str, fault: tuple[str, bool, bool]
) -> None:
    with opened() as office:
        office.refuses[what] = answer
        assert refused(office.url) == fault


def test_after_a_refused_address_the_next_letter_goes() -> None:
    other = Letter("li@example.org", "x", "y", "a2", NOON)
    with opened() as office, Server(office.url).session() as session:
        office.refuses["wang@example.org"] = "550 no such user"
        with pytest.raises(Undelivered):
            session.send(LETTER)
        session.send(other)
        assert [letter["To"] for letter in office.letters] == ["li@example.org"]


def test_a_server_that_is_not_there_is_unreachable() -> None:
    assert refused(PostOffice().url) == ("unreachable", False, True)


# Secrets on the way


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1's own, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def _secured(certificate: Path) -> dict[str, Any]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return {"tls_context": context, "authenticator": check_sign_in, "auth_required": True}


def _with_password(office: PostOffice, password: str = SECRET) -> str:
    who = f"{USER}:{quote(password, safe='')}"
    return f"smtp+starttls://{who}@localhost:{office.port}?from=whistle@example.org"


def test_with_starttls_it_signs_in_over_a_checked_connection_alone(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(**_secured(certificate)) as office:
        assert refused(_with_password(office)) == (
            "tls",
            False,
            True,
        )  # nobody we trust has signed this certificate
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        hand_over(_with_password(office))
        assert refused(_with_password(office, "wrong")) == ("sign_in", False, True)
        assert len(office.letters) == 1


def test_a_server_without_encryption_is_given_no_password() -> None:
    with opened(authenticator=check_sign_in, auth_require_tls=False) as office:
        assert refused(_with_password(office)) == ("tls", False, True)
        with pytest.raises(Undelivered) as told:
            hand_over(_with_password(office))
    assert SECRET not in f"{told.value!r} {told.value} {told.value.__cause__}"


def test_encrypted_from_the_start(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = _secured(certificate)["tls_context"]
    with opened(ssl_context=context) as office:
        url = f"smtps://localhost:{office.port}?from=whistle@example.org"
        assert refused(url) == ("tls", False, True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        hand_over(url)
        assert len(office.letters) == 1
