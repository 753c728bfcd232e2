"""What happened to a case, newest first: its events, and what became of the proposals made on it."""

import dataclasses
import datetime as dt
from typing import Any

from peewee import fn

from whistle import clock
from whistle.rules import workflow
from whistle.rules.workflow import Action
from whistle.services.casework.approvals import ProposalView
from whistle.services.casework.words import words_of
from whistle.store.cases import Case, CaseEvent, Proposal
from whistle.store.people import Person


@dataclasses.dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened. `at` is None where only the day is kept.

    `proposal`: for a step of a proposal, its state after that step ('waiting': it was made); '' for an event of the
    case, which alone has a `seq`.
    """

    seq: int
    action: Action
    on: dt.date
    at: dt.datetime | None
    by_name: str | None
    by_kind: str
    proposed_by: str | None
    facts: dict[str, Any]
    words: dict[str, Any]
    proposal: str = ""
    #: Why a proposal was returned.
    answer: str | None = None


#: How a proposal ends without becoming an event of the case.
LEFT_UNDONE = ("returned", "withdrawn", "overtaken")

#: An event stands before every step of a proposal that followed it.
_DAWN = dt.datetime.min.replace(tzinfo=dt.UTC)


def timeline(case: Case, key: bytes, after: int = 0) -> list[TimelineItem]:
    """A case's events, newest first, their words opened; `after` an event's number, only what came later."""
    events = CaseEvent.select().where(CaseEvent.case == case, CaseEvent.seq > after)
    events = events.order_by(CaseEvent.seq.desc())
    names = _names()
    return [_item(case, key, event, names) for event in events]


def _names() -> dict[int, str]:
    return {person.id: person.name for person in Person.select(Person.id, Person.name)}


def _item(case: Case, key: bytes, event: CaseEvent, names: dict[int, str]) -> TimelineItem:
    # Whoever recorded it is not known to who was named in it.
    is_shown = event.action != "record_interference"
    return TimelineItem(
        seq=event.seq,
        action=workflow.ACTIONS[event.action],
        on=event.valid_on,
        at=event.recorded_at,
        by_name=names.get(event.by_id) if is_shown and event.by_id is not None else None,
        by_kind=event.by_kind,
        proposed_by=names.get(event.facts.get("proposed_by")),
        facts=_with_names(event.facts, names) if is_shown else {},
        words=words_of(case, key, event),
    )


#: The facts that are numbers of people.
PEOPLE = frozenset({"person", "from_person", "group"})


def _with_names(facts: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    named = dict(facts)
    for field in ("person", "from_person"):
        if field in named:
            named[field] = names.get(named[field], "")
    if "group" in named:
        named["group"] = [names.get(person, "") for person in named["group"]]
    return named


# --- proposals -----------------------------------------------------------------------------------------------


#: How a proposal comes back to be made anew.
CAME_BACK = ("returned", "withdrawn")


def left_undone(case: Case, rows: list[Proposal], views: list[ProposalView]) -> ProposalView | None:
    """The newest proposal, where it came back and the case stands where it stood then. `views` go with `rows`."""
    if not rows or rows[-1].state not in CAME_BACK:
        return None
    later = CaseEvent.select().where(CaseEvent.case == case, CaseEvent.seq > rows[-1].case_seq)
    has_moved = later.where(CaseEvent.from_state != CaseEvent.to_state).exists()
    return None if has_moved else views[-1]


def sent_back_to(person_id: int) -> Any:
    """The ids of cases whose newest proposal is this person's and came back from who decides, as a query.

    As `left_undone`: where the case moved on since, nothing is left to be made anew.
    """
    later = Proposal.alias("later")
    is_newer = (later.made_at > Proposal.made_at) | (
        (later.made_at == Proposal.made_at) & (later.id > Proposal.id)
    )
    moved = CaseEvent.select().where(
        CaseEvent.case == Proposal.case,
        CaseEvent.seq > Proposal.case_seq,
        CaseEvent.from_state != CaseEvent.to_state,
    )
    return (
        Proposal.select(Proposal.case)
        .where(Proposal.by == person_id)
        .where(Proposal.state == "returned")
        .where(~fn.EXISTS(later.select().where(later.case == Proposal.case, is_newer)))
        .where(~fn.EXISTS(moved))
    )


def with_proposals(
    events: list[TimelineItem], rows: list[Proposal], views: list[ProposalView]
) -> list[TimelineItem]:
    """Events and the steps of proposals in one list, newest first: each step after the event it followed."""
    found: list[tuple[int, dt.datetime, TimelineItem]] = [(item.seq, _DAWN, item) for item in events]
    names = _names() if any(PEOPLE & view.facts.keys() for view in views) else {}
    for row, view in zip(rows, views, strict=True):
        found.append((row.case_seq, row.made_at, _made(row, view, names)))
        if row.state in LEFT_UNDONE:
            seen = [item.seq for item in events if item.at is not None and item.at <= row.decided_at]
            place = max([row.case_seq, *seen])
            found.append((place, row.decided_at, _end(row, view)))
    found.sort(key=lambda entry: entry[:2])
    return [item for _seq, _at, item in reversed(found)]


def _made(row: Proposal, view: ProposalView, names: dict[int, str]) -> TimelineItem:
    step = _step(view, row.made_at, "waiting", view.by_name)
    return dataclasses.replace(step, facts=_with_names(view.facts, names))


def _end(row: Proposal, view: ProposalView) -> TimelineItem:
    by_name = view.by_name if row.state == "withdrawn" else view.decided_by
    step = _step(view, row.decided_at, row.state, by_name)
    return dataclasses.replace(step, facts={}, words={}, answer=view.answer)


def _step(view: ProposalView, at: dt.datetime, state: str, by_name: str | None) -> TimelineItem:
    return TimelineItem(
        seq=0,
        action=view.action,
        on=clock.day_of(at),
        at=at,
        by_name=by_name,
        by_kind="office" if by_name else "system",
        proposed_by=None,
        facts=view.facts,
        words=view.words,
        proposal=state,
    )
