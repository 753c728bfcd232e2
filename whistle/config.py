"""The settings: one table of environment variables, read once into a frozen `Settings`."""

import re
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

#: Relative paths are meant from the checkout, so that a command does the same from every folder.
ROOT = Path(__file__).resolve().parent.parent

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, never bound to


class ConfigError(Exception):
    """A setting cannot be used. Its text is one line: the variable, the fault, an example."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: `parse` turns the text into a value or raises ValueError with the fault in words."""

    name: str
    variable: str
    default: str
    parse: Callable[[str], Any]
    help: str
    example: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the process was told. Made by `load`, passed in, never changed."""

    database_url: str
    instance: Path
    storage_url: str
    #: Bytes files may take in all; None: as much as the disk has.
    storage_limit: int | None
    #: With `from`; empty: there is no mail server.
    smtp_url: str
    public_url: str
    timezone: str
    trust_proxy: int
    host: str
    port: int

    @property
    def is_https(self) -> bool:
        """People reach us over https: cookies are `Secure` and carry the `__Host-` name."""
        return self.public_url.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        """Only this machine reaches us."""
        return urlsplit(self.public_url).hostname in LOOPBACK and self.host in LOOPBACK

    @property
    def opens_here_alone(self) -> bool:
        """The public address means whichever machine it is opened on: on paper it leads nowhere."""
        name = urlsplit(self.public_url).hostname or ""
        return name in LOOPBACK | EVERY_ADDRESS or name.startswith("127.") or name.endswith(".localhost")

    @property
    def names(self) -> frozenset[str]:
        """The host names of the public address; on this machine alone, each name it has for itself."""
        own = frozenset({urlsplit(self.public_url).hostname or ""})
        return own | LOOPBACK if self.is_loopback else own

    @property
    def variable_of_database(self) -> str:
        """The variable that says where the database is: that of the folder it lies in, unless it has an own one."""
        is_in_folder = self.database_url == _database_in(self.instance)
        return "WHISTLE_INSTANCE" if is_in_folder else "WHISTLE_DATABASE_URL"

    def is_too_open_for(self, mode: str | None) -> bool:
        """Whether an instance of this mode must not run so: what a real office is sent could be read on the way."""
        return mode == "office" and not self.is_https and not self.is_loopback


def _folder(text: str) -> Path:
    return ROOT / Path(text).expanduser()


def _database(text: str) -> str:
    scheme, mark, rest = text.partition("://")
    if not mark or scheme not in ("sqlite", "postgresql"):
        raise ValueError("has to begin with sqlite:/// or postgresql://")
    if scheme == "postgresql":
        return text
    if not rest.startswith("/") or rest == "/":
        raise ValueError("needs three slashes and the path of a file")
    return f"sqlite:///{ROOT / rest[1:]}"


def _storage(text: str) -> str:
    scheme, mark, path = text.partition("://")
    if scheme != "file" or not mark or path in ("", "/"):
        raise ValueError("has to be file:// and the path of a folder; other stores are not known yet")
    return f"file://{ROOT / path}"


def _gigabytes(text: str) -> int | None:
    return _number(0, 1_000_000)(text) * 1_000_000_000 or None


#: How a mail server is spoken to, and an address that letters come from.
_SMTP = ("smtps", "smtp+starttls", "smtp")
_SENDER = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")
_UNREADABLE = (
    "cannot be read: write / ? # @ and : in a password as %2F %3F %23 %40 and %3A, and the port as a number"
)


def _smtp(text: str) -> str:
    """Faults name no part of the value, which may hold a password; urllib's own words would."""
    try:
        parts = urlsplit(text)
        port, more = parts.port, dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        raise ValueError(_UNREADABLE) from None
    if parts.scheme not in _SMTP or not parts.hostname:
        raise ValueError("has to begin with smtps://, smtp+starttls:// or smtp:// and the server's name")
    if parts.path not in ("", "/") or parts.fragment or port == 0:
        raise ValueError(_UNREADABLE)
    if more.keys() - {"from"} or not all(_SENDER.fullmatch(value) for value in more.values()):
        raise ValueError("has to end in ?from= and the address that letters come from, or in nothing")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("needs a user and a password, or neither")
    if parts.password and parts.scheme == "smtp" and parts.hostname not in LOOPBACK:
        raise ValueError("would send its password in the clear: use smtps:// or smtp+starttls://")
    return f"{parts.scheme}://{parts.netloc}" + (f"?from={more['from']}" if more else "")


def _public(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("has to be an address that begins with http:// or https://")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("has to end after the host name: the pages lie at the top of the address")
    return f"{parts.scheme}://{parts.netloc}"


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, OSError, ValueError):
        raise ValueError("is not the name of a time zone") from None


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"has to be a whole number from {low} to {high}")
        return int(text)

    return parse


def _host(text: str) -> str:
    if not text.isascii() or any(c.isspace() or c in "/@?#" for c in text):
        raise ValueError("has to be a host name or an IP address")
    return text.strip("[]")


SETTINGS = (
    Setting(
        "instance",
        "WHISTLE_INSTANCE",
        "instance/",
        _folder,
        "Folder of everything this installation owns: its database, its keys for the log, its cookies' key.",
        "WHISTLE_INSTANCE=/var/lib/whistle",
    ),
    Setting(
        "database_url",
        "WHISTLE_DATABASE_URL",
        "",
        _database,
        "Where the database is. Without it: the SQLite file whistle.db in the instance folder.",
        "WHISTLE_DATABASE_URL=postgresql://whistle@db.example.org/whistle",
    ),
    Setting(
        "storage_url",
        "WHISTLE_STORAGE_URL",
        "",
        _storage,
        "Where sealed files lie. Without it: the folder attachments in the instance folder.",
        "WHISTLE_STORAGE_URL=file:///var/lib/whistle/attachments",
    ),
    Setting(
        "storage_limit",
        "WHISTLE_STORAGE_LIMIT",
        "0",
        _gigabytes,
        "How many GB files may take in all. 0: as much as the disk has, but for 1 GB that stays for reports.",
        "WHISTLE_STORAGE_LIMIT=200",
    ),
    Setting(
        "smtp_url",
        "WHISTLE_SMTP_URL",
        "",
        _smtp,
        "The mail server that reminders are handed to. Without it: they are on the desk alone.",
        "WHISTLE_SMTP_URL=smtp+starttls://user:password@mail.example.gov.cn:587?from=whistle@example.gov.cn",
    ),
    Setting(
        "host",
        "HOST",
        "127.0.0.1",
        _host,
        "Address to listen on. 0.0.0.0 means every address of this machine.",
        "HOST=0.0.0.0",
    ),
    Setting("port", "PORT", "8000", _number(1, 65535), "Port to listen on.", "PORT=8080"),
    Setting(
        "public_url",
        "WHISTLE_PUBLIC_URL",
        "",
        _public,
        "The address people use, as QR codes carry it. Without it: this machine's own address and port.",
        "WHISTLE_PUBLIC_URL=https://report.example.gov.cn",
    ),
    Setting(
        "timezone",
        "WHISTLE_TIMEZONE",
        "Asia/Shanghai",
        _zone,
        "Time zone in which days begin and deadlines end.",
        "WHISTLE_TIMEZONE=Asia/Shanghai",
    ),
    Setting(
        "trust_proxy",
        "WHISTLE_TRUST_PROXY",
        "0",
        _number(0, 5),
        "How many proxies in front of us are ours. 0: X-Forwarded-* headers are ignored.",
        "WHISTLE_TRUST_PROXY=1",
    ),
)


#: Said wherever `Settings.is_too_open_for` stops an instance.
TOO_OPEN = (
    "An office is served beyond this machine only over https. Put a proxy in front and set its address: "
    "WHISTLE_PUBLIC_URL=https://report.example.gov.cn"
)


def load(environ: Mapping[str, str]) -> Settings:
    """The settings the environment names; ConfigError on the first that cannot be used."""
    values = {row.name: _read(row, environ) for row in SETTINGS}
    values["database_url"] = values["database_url"] or _database_in(values["instance"])
    values["storage_url"] = values["storage_url"] or f"file://{values['instance'] / 'attachments'}"
    values["public_url"] = values["public_url"] or _own_address(values["host"], values["port"])
    values["smtp_url"] = _with_sender(values["smtp_url"], values["public_url"])
    return Settings(**values)


def _database_in(instance: Path) -> str:
    return f"sqlite:///{instance / 'whistle.db'}"


def load_or_stop(environ: Mapping[str, str]) -> Settings:
    """The settings, or the end of the process with one line that says what to mend."""
    try:
        return load(environ)
    except ConfigError as error:
        sys.exit(str(error))


def in_one_line(variable: str, fault: Exception) -> str:
    """What is wrong behind a setting whose value was well-formed: its words as one line, and an example."""
    example = next(row.example for row in SETTINGS if row.variable == variable)
    return f"{variable} cannot be used: {' '.join(str(fault).split())}. Example: {example}"


def _read(row: Setting, environ: Mapping[str, str]) -> Any:
    text = environ.get(row.variable, "").strip() or row.default
    if not text:
        return ""
    try:
        return row.parse(text)
    except ValueError as fault:
        raise ConfigError(f"{row.variable} {fault}. Example: {row.example}") from None


def _with_sender(smtp_url: str, public_url: str) -> str:
    """The mail server's address with the one that letters come from: `whistle` at our own name, where none is said."""
    if not smtp_url or "?from=" in smtp_url:
        return smtp_url
    name = urlsplit(public_url).hostname or ""
    is_number = ":" in name or name.replace(".", "").isdigit()
    return f"{smtp_url}?from=whistle@{'localhost' if is_number else name}"


def _own_address(host: str, port: int) -> str:
    name = machine_address() if host in EVERY_ADDRESS else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def machine_address() -> str:
    """This machine's address in its network. Asks the routing table; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: routed like the internet, owned by nobody
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
