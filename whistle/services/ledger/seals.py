"""Checks that key seals are there. They have no leaves of their own, for they change without an act.

Each case, report and message needs a seal of the key it is under, whatever happened. An identity, a desk key and a
generation of the blind-index key may lawfully be left without any: when the last holder went, or on the sealed way. For
these the log itself says who was given a seal; one is missing where somebody it was given to still holds the place it
was given for. That *all* seals of such a key are gone is found, not that one of several is.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from peewee import SQL, fn

from whistle.services.ledger.findings import MOST, Finding, about
from whistle.store.base import Table, database
from whistle.store.cases import Case, CaseEvent, CaseSeal
from whistle.store.desks import BlindKey, BlindSeal, DeskKey, DeskMember, DeskSeal, IdentityHolder, is_seated
from whistle.store.entries import Entry
from whistle.store.interferences import Interference, InterferenceSeal
from whistle.store.people import Admission, Person, PersonKey
from whistle.store.reports import Identity, IdentitySeal, Message, Report, ReportKey

#: Leaves read at once.
PAGE = 500
#: Whether somebody whom a leaf of this position says a seal was given to still holds the place it was given for.
StillThere = Callable[[Mapping[str, Any], int], bool]
#: Ways on which a case's identity seals are lawfully taken from everybody, or given anew.
TAKES_IDENTITY_SEALS = ("to_oversight", "release_oversight")


def check_seals() -> Iterator[Finding]:
    """What nobody can open any more although somebody should, whatever became of the seals."""
    yield from _check_case_keys()
    yield from _check_report_keys()
    yield from _check_identities()
    yield from _check_desk_keys()
    yield from _check_blind_keys()
    yield from _check_interferences()


def _check_case_keys() -> Iterator[Finding]:
    seal = CaseSeal.select(SQL("1")).where(CaseSeal.case == Case.id)
    seal = seal.where(CaseSeal.generation == Case.key_generation)
    bare = Case.select(Case.id).where(~fn.EXISTS(seal)).order_by(Case.id)
    yield from (about("case_without_seal", "case", found) for found in _first(bare))


def _check_report_keys() -> Iterator[Finding]:
    held = ReportKey.select(fn.COUNT(ReportKey.id)).where(ReportKey.report == Report.id)
    held = held.where(ReportKey.generation.between(1, Report.key_generation))
    few = Report.select(Report.id).where(held < Report.key_generation).order_by(Report.id)
    yield from (about("report_without_key", "report", found) for found in _first(few))
    key = ReportKey.select(SQL("1")).where(ReportKey.report == Message.report)
    key = key.where(ReportKey.generation == Message.generation)
    lost = Message.select(Message.id).where(~fn.EXISTS(key)).order_by(Message.id)
    yield from (about("message_without_key", "message", found) for found in _first(lost))


def _check_interferences() -> Iterator[Finding]:
    """A record of interference keeps its last seal, whoever leaves."""
    seal = InterferenceSeal.select(SQL("1")).where(InterferenceSeal.interference == Interference.id)
    bare = Interference.select(Interference.id).where(~fn.EXISTS(seal)).order_by(Interference.id)
    yield from (about("interference_without_seal", "interference", found) for found in _first(bare))


# What is owed to those who were given it


def _check_identities() -> Iterator[Finding]:
    seal = IdentitySeal.select(SQL("1")).where(IdentitySeal.report == Identity.report)
    moved = CaseEvent.select(CaseEvent.case).where(CaseEvent.action.in_(TAKES_IDENTITY_SEALS))
    bare = (
        Identity.select(Identity.report)
        .join(Report)
        .where(~fn.EXISTS(seal), Report.case.not_in(moved))
        .order_by(Identity.report)
    )
    for report in _owed(
        bare, "half_granted", "report", _not_taken_since() if _first(bare) else _still_holds_half
    ):
        yield about("identity_without_seal", "identity", report)


def _not_taken_since() -> StillThere:
    """Whether a half is still held for which it was given, and was not taken by a recusal that came later."""
    taken = {
        (str(more.get("report")), more.get("person")): position for position, more in _given("half_taken")
    }

    def still_there(more: Mapping[str, Any], position: int) -> bool:
        of_key = PersonKey.select(PersonKey.person).where(PersonKey.id == _number(_key_of(more)))
        people = [person for (person,) in database.execute(of_key).fetchall()]
        since = max((taken.get((str(more.get("report")), person), -1) for person in people), default=-1)
        return since < position and _still_holds_half(more, position)

    return still_there


def _check_desk_keys() -> Iterator[Finding]:
    seal = DeskSeal.select(SQL("1")).where(DeskSeal.desk_key == DeskKey.id)
    bare = DeskKey.select(DeskKey.id).where(~fn.EXISTS(seal), DeskKey.retired_at.is_null())
    for key in _owed(bare.order_by(DeskKey.id), "desk_granted", "desk_key", _still_sits):
        yield about("desk_key_without_seal", "desk_key", key)


def _check_blind_keys() -> Iterator[Finding]:
    seal = BlindSeal.select(SQL("1")).where(BlindSeal.blind_key == BlindKey.generation)
    bare = BlindKey.select(BlindKey.generation).where(~fn.EXISTS(seal)).order_by(BlindKey.generation)
    for generation in _owed(bare, "blind_granted", "generation", _is_still_let_in):
        yield about("blind_key_without_seal", "blind_key", generation)


def _owed(bare: Any, what: str, name: str, still_there: StillThere) -> list[str]:
    """Of some keys without seals those that the log says were sealed to somebody who is still there."""
    left = {str(found) for found in _first(bare)}
    owed: list[str] = []
    for position, more in _given(what) if left else ():
        key = str(more.get(name))
        if key in left and still_there(more, position):
            left.remove(key)
            owed.append(key)
    return sorted(owed)


def _given(what: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The leaves about a kind of seal, page by page: position, and what the record says of it."""
    leaves = Entry.select(Entry.position, Entry.record).where(Entry.about_table == "", Entry.type == "key")
    leaves = leaves.where(Entry.record.contains(f'"what":"{what}"')).order_by(Entry.position)
    page: list[tuple[int, str]] = database.execute(leaves.limit(PAGE)).fetchall()
    while page:
        for position, record in page:
            more = _more(record)
            if more:
                yield position, more
        page = database.execute(leaves.where(Entry.position > page[-1][0]).limit(PAGE)).fetchall()


def _more(record: str) -> Mapping[str, Any]:
    try:
        more = json.loads(record)["more"]
    except (ValueError, KeyError, TypeError):
        return {}  # its leaf is a finding already
    return more if isinstance(more, dict) else {}


def _still_holds_half(more: Mapping[str, Any], position: int) -> bool:
    if str(more.get("reader")).startswith("superior:"):
        return True
    key = _key_of(more)
    person = PersonKey.select(PersonKey.person).where(PersonKey.id == _number(key))
    named = IdentityHolder.select(IdentityHolder.id).where(IdentityHolder.ended_at.is_null())
    seats = _seats().where(DeskMember.person_key == _number(key))
    return _since_before(
        IdentityHolder, named.where(IdentityHolder.person.in_(person)), position
    ) or _since_before(DeskMember, seats, position)


def _key_of(more: Mapping[str, Any]) -> str:
    """The number of the key that a half was sealed to, of a person or of the superior."""
    return str(more.get("reader")).partition(":")[2]


def _still_sits(more: Mapping[str, Any], position: int) -> bool:
    desk = DeskKey.select(DeskKey.desk).where(DeskKey.id == _number(more.get("desk_key")))
    seats = _seats().where(DeskMember.desk.in_(desk), DeskMember.person == _number(more.get("person")))
    return _since_before(DeskMember, seats, position)


def _is_still_let_in(more: Mapping[str, Any], position: int) -> bool:
    """Who is put out, or given another role, loses admission and seals together (`keyholding.strip`)."""
    admissions = (
        Admission.select(Admission.id)
        .join(PersonKey)
        .join(Person)
        .where(Admission.ended_at.is_null(), PersonKey.retired_at.is_null(), Person.state == "active")
        .where(Person.id == _number(more.get("person")))
    )
    return _since_before(Admission, admissions, position)


def _seats() -> Any:
    return DeskMember.select(DeskMember.id).where(is_seated())


def _since_before(model: type[Table], rows: Any, position: int) -> bool:
    """Whether one of these rows was there before a leaf: a place that ended and was given anew came without seals."""
    table = str(model._meta.table_name)
    ids = [str(id) for (id,) in database.execute(rows.limit(MOST)).fetchall()]
    older = Entry.select(SQL("1")).where(Entry.about_table == table, Entry.about_id.in_(ids))
    return bool(ids and older.where(Entry.position < position).exists())


def _number(value: object) -> int:
    """A row number from a record; one that no row has where it is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _first(query: Any) -> list[Any]:
    return [found for (found,) in database.execute(query.limit(MOST + 1)).fetchall()]
