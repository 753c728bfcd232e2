"""A mail server on this machine that keeps what it is handed: it can be stopped, and told what to refuse."""

import email
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from whistle.services import outbox

USER, SECRET = "whistle", "s3cret/?#@:x"


class PostOffice:
    """`letters` in the order in which they came. `refuses`: recipient, or "data" or "sender" → what is answered."""

    def __init__(self, **options: Any) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.refuses: dict[str, str] = {}
        self._options = options
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """Its address as a setting."""
        return f"smtp://127.0.0.1:{self.port}?from=whistle@example.org"

    def open(self) -> None:
        """Take letters."""
        self._controller = Controller(self, "127.0.0.1", self.port, **self._options)
        self._controller.start()

    def shut(self) -> None:
        """Be gone."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def texts(self, to: str) -> list[str]:
        """The bodies of what one address was sent."""
        return [letter.get_content() for letter in self.letters if letter["To"] == to]

    # What aiosmtpd calls:

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.refuses.get("sender", "250 fine")

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.refuses.get(address, "250 fine")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        if "data" in self.refuses:
            return self.refuses["data"]
        content = envelope.content
        assert isinstance(content, bytes)
        self.envelopes.append(envelope)
        self.letters.append(email.message_from_bytes(content, policy=default))
        return "250 fine"


def check_sign_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    """Take one user alone."""
    return AuthResult(success=(data.login, data.password) == (USER.encode(), SECRET.encode()), handled=False)


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """A mail server that is open, and that this process hands its notices to."""
    opened = PostOffice()
    opened.open()
    outbox.use_server(opened.url)
    yield opened
    outbox.use_server("")
    opened.shut()
