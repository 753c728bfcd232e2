"""The mail server: takes one letter at a time, and what it does not take is said with whose fault that is.

Nothing it answers is kept or logged but its code: servers repeat addresses in their words.
"""

import datetime as dt
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

#: How long one answer of the server is waited for.
TIMEOUT_SECONDS = 20
#: Schemes of the address, each with its usual port. `config` has checked them.
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
#: Answers from here on are for good; below they mean: later.
FOR_GOOD = 500
SERVICE_ENDS = 421


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to one person. `number` makes its Message-ID: a second copy is known as one by mail programs."""

    to: str
    subject: str
    body: str
    number: str
    written_at: dt.datetime


class Undelivered(Exception):
    """A letter was not taken. `why` is a code; `is_final`: never will be; `is_for_all`: nor is any other just now.

    Codes: unreachable, tls, sign_in, sender (of the server or the settings); address, letter, later (of one letter).
    """

    def __init__(self, why: str, *, is_final: bool = False, is_for_all: bool = False) -> None:
        super().__init__(why)
        self.why, self.is_final, self.is_for_all = why, is_final, is_for_all


class Session:
    """An open conversation with a mail server, signed in where that is asked for. It belongs to one thread."""

    def __init__(self, connection: smtplib.SMTP, sender: str) -> None:
        self._connection, self._sender = connection, sender

    def send(self, letter: Letter) -> None:
        """Hand a letter over; raises Undelivered. Without it the server has answered for it."""
        with _faults_for_all():
            try:
                self._connection.send_message(self._message(letter), self._sender, [letter.to])
            except smtplib.SMTPRecipientsRefused as fault:
                (code, _words) = fault.recipients[letter.to]
                raise _of_letter(code, "address") from None
            except smtplib.SMTPDataError as fault:
                raise _of_letter(fault.smtp_code, "letter") from None

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = f"<{letter.number}@{_domain(self._sender)}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence note answers it
        message.set_content(letter.body)
        return message


class Server:
    """A mail server at an address such as `smtp+starttls://user:password@mail.example.org:587?from=a@example.org`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._scheme, self._host = parts.scheme, parts.hostname or ""
        self._port = parts.port or PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = parse_qs(parts.query)["from"][0]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Be connected and signed in; raises Undelivered, always for all."""
        with _faults_for_all():
            connection = self._connect()
        try:
            with _faults_for_all():
                self._secure(connection)
                self._sign_in(connection)
            yield Session(connection, self._sender)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        # We call ourselves by the sender's domain and not by the name of this machine.
        own_name = _domain(self._sender)
        if self._scheme != "smtps":
            return smtplib.SMTP(self._host, self._port, own_name, TIMEOUT_SECONDS)
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(self._host, self._port, own_name, timeout=TIMEOUT_SECONDS, context=context)

    def _secure(self, connection: smtplib.SMTP) -> None:
        if self._scheme == "smtp+starttls":
            try:
                connection.starttls(context=ssl.create_default_context())
            except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException):
                raise Undelivered("tls", is_for_all=True) from None

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        if self._user:
            try:
                connection.login(self._user, self._password)
            except (smtplib.SMTPNotSupportedError, smtplib.SMTPAuthenticationError):
                raise Undelivered("sign_in", is_for_all=True) from None


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _of_letter(code: int, why: str) -> Undelivered:
    if code == SERVICE_ENDS:
        return Undelivered("unreachable", is_for_all=True)
    return Undelivered(why, is_final=True) if code >= FOR_GOOD else Undelivered("later")


@contextmanager
def _faults_for_all() -> Iterator[None]:
    """What else goes wrong goes wrong for every letter."""
    try:
        yield
    except smtplib.SMTPSenderRefused as fault:
        why = "unreachable" if fault.smtp_code == SERVICE_ENDS else "sender"
        raise Undelivered(why, is_for_all=True) from None
    except ssl.SSLError:
        raise Undelivered("tls", is_for_all=True) from None
    except (OSError, smtplib.SMTPException):
        raise Undelivered("unreachable", is_for_all=True) from None
