"""The higher body's key: made at the superior's, entered by the oversight desk, and the packages sealed to it.

A key is a line of text, `whistle-superior-public-1 BASE64 CHECK` or `…-private-1 …`; the check is the first eight hex
digits of a SHA-256 over the rest, against slips of copying.

A package is a file of one line of ASCII, `whistle-package-1 CASE KEY`, and after its newline one envelope: JSON text,
sealed to the superior's key and bound to both, which are the ids of case and key in the office's database. In the
JSON a real name lies as `identity`: the contact under the identity key, the case's half of that key, and the other
half sealed to each key the superior had (`halves_of_superior`).

The reporters' files are a file of their own, for they may be large: a line `whistle-files-1 CASE`, then for each a line
`ID LENGTH` and as many bytes, sealed as `vault.stream` says. Their keys and names are in the package (`files`).
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from whistle import clock
from whistle.rules import workflow
from whistle.rules.attachments import BY_NAME, download_name
from whistle.services import access, contexts, grants, keyholding, ledger
from whistle.services.access import Acting
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case
from whistle.store.desks import SuperiorKey
from whistle.vault import envelope, keys
from whistle.vault.errors import VaultError
from whistle.vault.stream import PIECE, open_stream

PUBLIC_MARK = "whistle-superior-public-1"
PRIVATE_MARK = "whistle-superior-private-1"
PACKAGE_MARK = "whistle-package-1"
FILES_MARK = "whistle-files-1"
CHECK_DIGITS = 8
#: The longest first line of a package: the mark and two ids.
HEADER_LIMIT = 200


@dataclass(frozen=True, slots=True)
class SuperiorPair:
    """A fresh pair as two lines of text: one to hand over, one to lock away."""

    public_text: str
    private_text: str = field(repr=False)
    short_code: str


@dataclass(frozen=True, slots=True)
class SuperiorState:
    """The key in force and the one that waits for a second member, as short codes."""

    in_force: str | None
    waiting: str | None
    waiting_entered_by: str | None
    may_confirm: bool


# --- at the superior's -----------------------------------------------------------------------------------------


def make_pair() -> SuperiorPair:
    """A key pair, made on the superior's own machine; nothing of it is kept."""
    pair = keys.new_pair()
    return SuperiorPair(
        _to_text(PUBLIC_MARK, pair.public), _to_text(PRIVATE_MARK, pair.seed), keys.short_code(pair.public)
    )


def open_package(private_text: str, package: bytes) -> str:
    """The text of a package with the reporters' names, on the superior's own machine.

    Raises Invalid when key or file is not right.
    """
    seed = _from_text(PRIVATE_MARK, private_text, "key")
    case, key, sealed = _read_package(package)
    try:
        content = json.loads(envelope.open_with(seed, sealed, contexts.package(case, key)))
        for report in content["reports"]:
            if report["identity"] is not None:
                report["identity"] = _open_identity(seed, report["report"], report["identity"])
    except (VaultError, ValueError):
        raise Invalid("file", "other_key") from None
    except (AttributeError, LookupError, TypeError):  # anybody may seal anything to a public key
        raise Invalid("file", "no_package") from None
    return _json(content)


def open_files(private_text: str, package: bytes, bundle: BinaryIO) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files of a bundle by name, each to be read before the next is asked for, on the superior's own machine.

    Before a name stands the file's place in its package: a bundle keeps no order. A name ends as the file's content
    does, so that a text called a program is none there either. Raises Invalid when key, package or bundle is not
    right; a file that was damaged fails while it is read and keeps none of the next back, and files that are not all
    there fail at the end.
    """
    known = _known_files(json.loads(open_package(private_text, package)))
    places = {file: place for place, file in enumerate(known, 1)}
    first = bundle.readline(HEADER_LIMIT).decode("ascii", "replace").split(" ")
    if first[0].strip() != FILES_MARK:
        raise Invalid("file", "no_package")
    while line := bundle.readline(HEADER_LIMIT).decode("ascii", "replace").strip():
        file, _, length = line.partition(" ")
        if file not in places or not length.isdecimal():
            raise Invalid("file", "no_package")
        (name, key), part = known[file], _Part(bundle, int(length))
        yield f"{places.pop(file)}-{name}", _open_file(file, key, part)
        while part.read(PIECE):  # what was left unread, of a file that was damaged
            pass
    if places:
        raise Invalid("file", "left_out", count=len(places), all=len(known))


def _known_files(content: dict[str, Any]) -> dict[str, tuple[str, bytes]]:
    """Name and key of each file that a package tells of, by its id."""
    try:
        found = [file for report in content["reports"] for file in report.get("files", ())]
        return {
            file["id"]: (download_name(file["name"], BY_NAME[file["kind"]]), bytes.fromhex(file["key"]))
            for file in found
        }
    except (AttributeError, LookupError, TypeError, ValueError):  # anybody may seal anything to a public key
        raise Invalid("file", "no_package") from None


def _open_file(file: str, key: bytes, part: "_Part") -> Iterator[bytes]:
    try:
        yield from open_stream(part, key, contexts.file_content(file))
    except VaultError:
        raise Invalid("file", "other_key") from None


class _Part:
    """As many bytes of a longer file."""

    def __init__(self, inp: BinaryIO, left: int) -> None:
        self._inp, self._left = inp, left

    def read(self, size: int, /) -> bytes:
        data = self._inp.read(min(size, self._left))
        self._left -= len(data)
        return data


def _read_package(package: bytes) -> tuple[str, str, bytes]:
    """The ids of case and key in the first line, and the envelope."""
    header, _, sealed = package[:HEADER_LIMIT].partition(b"\n")
    parts = header.decode("ascii", "replace").split(" ")
    if not parts[0].startswith(PACKAGE_MARK.rstrip("1")):
        raise Invalid("file", "no_package")
    if parts[0] != PACKAGE_MARK:
        raise Invalid("file", "other_version", version=parts[0])
    if len(parts) != 3 or not sealed:
        raise Invalid("file", "no_package")
    return parts[1], parts[2], package[len(header) + 1 :]


def _open_identity(seed: bytes, report: str, identity: dict[str, Any]) -> dict[str, Any]:
    """Name and contact; `unopened` where the half was sealed to an earlier key of the superior alone."""
    for half in identity["halves_of_superior"]:
        context = contexts.identity_half(report, f"superior:{half['key']}")
        with suppress(VaultError):
            own = envelope.open_with(seed, base64.b64decode(half["sealed"]), context)
            identity_key = keys.mix_identity(own, base64.b64decode(identity["half_of_case"]))
            contact: dict[str, Any] = envelope.open_json_record(
                identity_key, base64.b64decode(identity["sealed_contact"]), contexts.identity_contact(report)
            )
            return contact
    return {"unopened": "sealed to an earlier key of the superior"}


# --- in the office ---------------------------------------------------------------------------------------------


def seal_package(key: SuperiorKey, case: str, content: dict[str, Any]) -> bytes:
    """A package for the superior: nobody here can open it again."""
    sealed = envelope.seal_to(key.public, _json(content).encode(), contexts.package(case, str(key.id)))
    return f"{PACKAGE_MARK} {case} {key.id}\n".encode("ascii") + sealed


def bundle_line(case: str) -> bytes:
    """What a bundle of files begins with."""
    return f"{FILES_MARK} {case}\n".encode()


def file_line(file: str, length: int) -> bytes:
    """What stands before each file of a bundle."""
    return f"{file} {length}\n".encode("ascii")


@use_case
def enter(by: Acting, text: str) -> str:
    """Enter the superior's key as text; it waits for a second member. Returns its short code to be compared."""
    access.require(by, "superior.enter")
    person = keyholding.require_sitting(by, "oversight")
    if PRIVATE_MARK in text:
        raise Invalid("key", "private")
    public = _from_text(PUBLIC_MARK, text, "key")
    if not keys.is_public(public):
        raise Invalid("key", "no_key")
    for old in _waiting_rows():
        _retire(old, by)
    row = SuperiorKey.create(public=public, entered_by=person, recorded_at=clock.now())
    code = keys.short_code(public)
    ledger.append("key", "superior_key", row, by=by.person_id, code=code)
    return code


@use_case
def confirm(by: Acting, code: str) -> None:
    """A second oversight member compared the short code with the superior: the key is in force, the old one ends."""
    access.require(by, "superior.confirm")
    person = keyholding.require_sitting(by, "oversight")
    row = waiting_key()
    if row is None:
        raise NotFound("superior_key")
    if row.entered_by_id == person.id:
        raise Conflict("own_entry")
    if not ledger.matches(row):
        raise Conflict("key_not_in_log")
    if keys.typed_digits(code) != keys.typed_digits(keys.short_code(row.public)):
        raise Invalid("code", "differs")
    old = SuperiorKey.select().where(
        SuperiorKey.confirmed_at.is_null(False), SuperiorKey.retired_at.is_null()
    )
    for before in old:
        _retire(before, by)
    row.confirmed_by, row.confirmed_at = person, clock.now()
    row.save()
    ledger.append("key", "superior_key_confirmed", row, by=by.person_id)
    _mark_sealed_cases()


def _mark_sealed_cases() -> None:
    """Reports on the office's own people that came before this key want new keys, sealed to it too."""
    for case in Case.select().where(Case.is_flagged, Case.state.in_(workflow.OPEN_STATES)):
        grants.mark(case)


def waiting_key() -> SuperiorKey | None:
    """The key that was entered last and waits for a second member."""
    return next(iter(_waiting_rows()), None)


def _waiting_rows() -> list[SuperiorKey]:
    query = SuperiorKey.select().where(SuperiorKey.confirmed_at.is_null(), SuperiorKey.retired_at.is_null())
    return list(query.order_by(SuperiorKey.id.desc()))


def _retire(row: SuperiorKey, by: Acting) -> None:
    row.retired_at = clock.now()
    row.save()
    ledger.append("key", "superior_key_retired", row, by=by.person_id)


@reading
def before_entering(by: Acting) -> None:
    """Ask leave before the form is shown."""
    access.require(by, "superior.enter")


@reading
def before_confirming(by: Acting) -> SuperiorState:
    """Ask leave before the form is shown; what waits to be confirmed."""
    access.require(by, "superior.confirm")
    return state(by)


@reading
def state(by: Acting) -> SuperiorState:
    """Which key is in force and which waits."""
    access.require(by, "superior.state")
    current, waiting = grants.superior_key(), waiting_key()
    return SuperiorState(
        in_force=None if current is None else keys.short_code(current.public),
        waiting=None if waiting is None else keys.short_code(waiting.public),
        waiting_entered_by=None if waiting is None else waiting.entered_by.name,
        may_confirm=waiting is not None and by.role == "oversight" and waiting.entered_by_id != by.person_id,
    )


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1)


# --- text ------------------------------------------------------------------------------------------------------


def _to_text(mark: str, data: bytes) -> str:
    body = base64.b64encode(data).decode()
    return f"{mark} {body} {_check(mark, body)}"


def _from_text(mark: str, text: str, field_name: str) -> bytes:
    """The bytes of a key's text, whatever line breaks a mail program put in. Raises Invalid."""
    parts = text.split()
    if not parts or parts[0] != mark:
        raise Invalid(field_name, "no_key")
    body, check = "".join(parts[1:-1]), parts[-1]
    if check != _check(mark, body):
        raise Invalid(field_name, "mistyped")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(field_name, "mistyped") from None


def _check(mark: str, body: str) -> str:
    return hashlib.sha256(f"{mark} {body}".encode("utf-8", "surrogatepass")).hexdigest()[:CHECK_DIGITS]
