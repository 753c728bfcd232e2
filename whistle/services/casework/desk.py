"""The desk: which cases a person sees, by filter and page, without opening any of them."""

import dataclasses
import datetime as dt
from typing import Any

from peewee import fn

from whistle.rules import workflow
from whistle.services import acting_heads, archive, deciders, grants, units
from whistle.services.access import Acting, is_shut_out, keeps_archive, not_shut_out, require, units_kept_out
from whistle.services.casework import clockwork, desk_pages, record, scope, seats, stranded
from whistle.services.casework.act import find_case
from whistle.services.casework.clockwork import ClockView
from whistle.services.casework.desk_filters import NO_CLOCK, NOBODY, VIEWS, DeskFilters, narrowed
from whistle.services.casework.stage_guards import BORROWER_ROLES
from whistle.services.use_case import reading
from whistle.store.cases import Case, CaseSeal, Opening, Proposal
from whistle.store.channels import Channel
from whistle.store.people import Person
from whistle.store.reports import Message, ReadState, Report

PAGE_SIZE = 30


@dataclasses.dataclass(frozen=True, slots=True)
class DeskRow:
    """One case in the list; `can_open` is False for cases of the line that are not granted to this person.

    `was_opened`: by this person, at any time. `place`: where its first channel hangs.
    """

    ref: str
    number: str | None
    state: workflow.State
    kind: str
    category: str | None
    severity: str | None
    unit_zh: str | None
    unit_en: str | None
    is_named: bool
    received_on: dt.date
    officer: str | None
    clock: ClockView | None
    unread: int
    waiting_since: dt.datetime | None
    #: Any one of them may decide what waits.
    waits_for: tuple[str, ...]
    #: This person's newest proposal on it was sent back.
    was_sent_back: bool
    needs_new_keys: bool
    can_open: bool
    was_opened: bool
    place: str | None
    #: Who has it out of the archive.
    loans: tuple[archive.Loan, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class DeskPage:
    """A page of the desk; `older` and `newer` are cursors or None."""

    rows: list[DeskRow]
    total: int
    older: str | None
    newer: str | None


@reading
def list_cases(by: Acting, filters: DeskFilters, *, older: str = "", newer: str = "") -> DeskPage:
    """One page in the order that was asked for; `older`/`newer` continue from a cursor of another page."""
    require(by, "case.list")
    query = narrowed(scope.visible(by), by, filters)
    total = query.count()
    found = desk_pages.page(query, filters.sort, older=older, newer=newer, size=PAGE_SIZE)
    return DeskPage(rows=rows(by, found.rows), total=total, older=found.older, newer=found.newer)


@reading
def counts(by: Acting, filters: DeskFilters | None = None) -> dict[str, int]:
    """How many cases each view holds of those that the filters leave, and what waits for this person. What is due: see
    `due`.

    `archive` is left out for who neither keeps the archive nor knows of a case there.
    """
    require(by, "case.list")
    found = _by_view(scope.visible(by))
    has_archive = bool(found["archive"]) or keeps_archive(by.person_id)
    if filters is not None and dataclasses.replace(filters, view="all", sort="") != DeskFilters(view="all"):
        found = _by_view(narrowed(scope.visible(by), by, dataclasses.replace(filters, view="all")))
    if not has_archive:
        del found["archive"]
    found["proposals"] = len(deciders.waiting_for(by.person_id))
    sent_back = DeskFilters(view="all", sent_back=True)
    found["sent_back"] = narrowed(scope.visible(by), by, sent_back).count()
    found["new_keys"] = scope.held_cases(by).where(Case.needs_new_keys).count()
    found["mine_without_key"] = (
        not_shut_out(by.person_id)
        .where(Case.officer == by.person_id, Case.id.in_(stranded.without_key()))
        .count()
    )
    line = scope.line(by)
    unassigned = narrowed(line, by, DeskFilters(view="open", officer=NOBODY))
    openable = acting_heads.open_seals(by.person_id).select(CaseSeal.case)
    found["to_assign"] = unassigned.where(Case.id.in_(openable)).count()
    found["no_clock"] = narrowed(line, by, DeskFilters(view="open", clock=NO_CLOCK)).count()
    found["officer_gone"] = line.where(Case.id.in_(stranded.of_leavers())).count()
    found["officer_without_key"] = line.where(Case.id.in_(stranded.without_key())).count()
    return found


def _by_view(cases: Any) -> dict[str, int]:
    by_state = dict(tuples(cases.select(Case.state, fn.COUNT(Case.id)).group_by(Case.state)))
    return {view: sum(by_state.get(state, 0) for state in VIEWS[view]) for view in VIEWS}


def rows(by: Acting, cases: list[Case]) -> list[DeskRow]:
    """Some cases as lists show them to this person, in their order."""
    ids = [case.id for case in cases]
    openable = can_open(by, ids)
    opened = _opened(by, ids)
    places = _places(ids)
    due = clockwork.next_due(ids)
    waiting = {proposal.case_id: proposal for proposal in _waiting(ids)}
    deciding = deciders.of([proposal.id for proposal in waiting.values()])
    sent_back = {row.case_id for row in record.sent_back_to(by.person_id).where(Proposal.case.in_(ids))}
    unread = _unread_counts(by, ids)
    archived = [case.id for case in cases if case.state == "archived"]
    loans = archive.loans(archived) if archived else {}
    names = units.names_of({case.unit_id for case in cases if case.unit_id is not None})
    officers = names_of_people({case.officer_id for case in cases})
    return [
        DeskRow(
            ref=case.number or case.id,
            number=case.number,
            state=workflow.STATES[case.state],
            kind=case.kind,
            category=case.category,
            severity=case.severity,
            unit_zh=names.get(case.unit_id or 0, (None, None))[0],
            unit_en=names.get(case.unit_id or 0, (None, None))[1],
            is_named=bool(case.is_named),
            received_on=case.received_on,
            officer=officers.get(case.officer_id),
            clock=due.get(case.id),
            unread=unread.get(case.id, 0),
            waiting_since=waiting[case.id].made_at if case.id in waiting else None,
            waits_for=deciders.names(deciding[waiting[case.id].id]) if case.id in waiting else (),
            was_sent_back=case.id in sent_back,
            needs_new_keys=bool(case.needs_new_keys),
            can_open=case.id in openable,
            was_opened=case.id in opened,
            place=places.get(case.id),
            loans=loans.get(case.id, ()),
        )
        for case in cases
    ]


def can_open(by: Acting, ids: list[str]) -> set[str]:
    """Those of some cases that this person holds a key to."""
    seals = acting_heads.open_seals(by.person_id).select(CaseSeal.case).where(CaseSeal.case.in_(ids))
    return {seal.case_id for seal in seals}


def _opened(by: Acting, ids: list[str]) -> set[str]:
    rows = Opening.select(Opening.case).where(Opening.case.in_(ids), Opening.person == by.person_id)
    return {row.case_id for row in rows}


def _places(ids: list[str]) -> dict[str, str | None]:
    reports = (
        Report.select(Report.case, Channel.place)
        .join(Channel)
        .where(Report.case.in_(ids))
        .order_by(Report.received_on.desc(), Report.id)
    )
    return {case_id: place for case_id, place in tuples(reports)}


def names_of_people(ids: set[int | None]) -> dict[int | None, str]:
    """The names of some people by id, in one query."""
    people = Person.select(Person.id, Person.name).where(Person.id.in_(list(ids - {None})))
    return {person.id: person.name for person in people}


def _waiting(ids: list[str]) -> Any:
    return Proposal.select().where(Proposal.case.in_(ids), Proposal.state == "waiting")


def _unread_counts(by: Acting, ids: list[str]) -> dict[str, int]:
    total = (
        Message.select(Report.case, fn.COUNT(Message.id).alias("n"))
        .join(Report)
        .where(Message.side == "reporter", Report.case.in_(ids))
        .group_by(Report.case)
    )
    seen = (
        ReadState.select(Report.case, fn.SUM(ReadState.seen).alias("n"))
        .join(Report)
        .where(ReadState.person == by.person_id, Report.case.in_(ids))
        .group_by(Report.case)
    )
    found: dict[str, int] = {case_id: int(n) for case_id, n in tuples(total)}
    for case_id, n in tuples(seen):
        found[case_id] = found.get(case_id, 0) - int(n)
    return found


def tuples(query: Any) -> Any:
    """A query's rows as tuples; peewee's types do not know the form."""
    return query.tuples()


@reading
def units_to_choose(by: Acting) -> list[tuple[str, str, str]]:
    """Code and names of every unit, for filters and forms."""
    require(by, "case.list")
    return units.choices()


@reading
def receivers_to_choose(by: Acting, case_ref: str) -> list[tuple[str, str, str]]:
    """Code and names of the units that a case may be passed on to: neither one reported on nor one beneath it."""
    case = find_case(case_ref)
    require(by, "case.read", case)
    barred = units.codes_within(units_kept_out(case))
    return [row for row in units.choices() if row[0] not in barred]


@reading
def borrowers_to_choose(by: Acting, case_ref: str) -> list[tuple[int, str, str]]:
    """Id, name and role of those let in to whom an archived case may be lent."""
    require(by, "case.read", find_case(case_ref))
    return _free_of(find_case(case_ref), BORROWER_ROLES)


@reading
def officers_to_choose(by: Acting, case_ref: str = "") -> list[tuple[int, str, str]]:
    """Id, name and role of those let in whom cases may be given to; of a given case, without who is shut out of it or
    sits in another line.
    """
    require(by, "case.list")
    case = find_case(case_ref) if case_ref else None
    if case is not None:
        require(by, "case.read", case)
    elsewhere = set() if case is None else seats.of_other_lines(case)
    return [row for row in _free_of(case, ("officer", "reviewer")) if row[0] not in elsewhere]


def _free_of(case: Case | None, roles: tuple[str, ...]) -> list[tuple[int, str, str]]:
    rows = list(
        Person.select()
        .where(Person.role.in_(roles), Person.state == "active")
        .order_by(Person.role, Person.name, Person.id)
    )
    let_in = grants.admitted_keys(rows)
    able = [row for row in rows if row.id in let_in and (case is None or not is_shut_out(case, row.id))]
    return [(row.id, row.name, row.role) for row in able]
