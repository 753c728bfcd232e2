"""What somebody might try on a case: an action, who tries it, and inputs that mostly fit and sometimes do not."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any

from peewee import fn

from tests.builders import Office
from whistle import clock
from whistle.rules import taxonomy, workflow
from whistle.rules.workflow import Action, Need
from whistle.services.access import relations
from whistle.services.casework import happened
from whistle.services.casework.act import blocked_by_proposal, waiting_proposal
from whistle.store.cases import Case
from whistle.store.entries import Entry
from whistle.store.people import Person
from whistle.store.recusals import Recusal
from whistle.store.things import THING_TABLES
from whistle.store.units import Unit

#: Stands in every word that must never leave the office.
INTERNAL = "内部用语"
#: In every word that the office writes to a reporter.
TOLD = "给举报人的话"
GARBAGE = {"code": "no such code", "day": "not a day", "person": "99999", "number": "-1", "unit": "nowhere"}
#: What leads a case on from where it stands, in the order in which it is done.
ONWARD: dict[str, tuple[str, ...]] = {
    "received": ("classify", "accept", "merge"),
    "supplementing": ("supplement",),
    "objecting": ("objection_agreed", "objection_refused"),
    "oversight": ("release_oversight",),
    "redirected": ("returned",),
    "declined": ("reopen",),
    "merged": ("unmerge",),
    "assessing": ("assign", "start_verification", "start_inquiry", "resolve", "merge"),
    "referred": ("receive_referral", "recall_referral"),
    "inquiring": ("deliver_letter", "inquiry_reply", "start_verification"),
    "held": ("hold_again", "resume_held"),
    "verifying": ("subject.add", "measure.propose", "propose_disposal", "file_case", "conclude_unfounded"),
    "investigating": ("hear_subject", "to_review"),
    "reviewing": ("assign", "return_investigation", "to_decision"),
    "deciding": ("decide", "hear_subject", "send_back"),
    "enforcing": ("measure.deliver", "item.make", "enforce_done"),
    "rectifying": ("item.submit", "item.strike_off", "rectified"),
    "concluded": ("feed_back", "close"),
    "closed": ("look_back", "archive"),
    "archived": ("lend", "reopen", "give_back"),
}
#: Takes a case out of almost everybody's hands: tried now and then.
RARE = frozenset({"to_oversight", "decline", "redirect"})


@dataclass(frozen=True)
class Move:
    """One try: `thing` is an id, `inputs` as a form sends them."""

    who: str
    action: Action
    thing: str | None = None
    inputs: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.who} {self.action.name} {self.thing or ''} {self.inputs}"


#: Who may read: what gives and takes that, and what brings together who must not read the one and the other.
OF_READERS = frozenset(
    {
        "merge",
        "unmerge",
        "recuse",
        "declare_recusal",
        "lift_recusal",
        "let_in",
        "subject.add",
        "assign",
        "to_oversight",
    }
)


def likely(
    office: Office, case: Case, rng: random.Random, only: Container[str] = workflow.ACTIONS
) -> Move | None:
    """Something of `only` that the table lets somebody do who holds the case."""
    open_to: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for who in sorted({reader.user_name for reader in happened.readers(case)} & set(office.people)):
        for name, thing in _open_to(case, _roles(office, case, who)):
            open_to[name].append((who, thing))
    waiting = waiting_proposal(case)
    names = [
        name
        for name in open_to
        if name in only
        and (name not in RARE or rng.random() < 0.3)
        and (
            waiting is None
            or not blocked_by_proposal(workflow.ACTIONS[name], workflow.ACTIONS[waiting.action])
        )
    ]
    # Most often the first thing that was not done yet since the case came here.
    onward = [name for name in ONWARD[case.state] if name in names] if case.state in ONWARD else []
    done = _done_here(case)
    next_ = [name for name in onward if name not in done]
    pool = next_[: rng.choice((1, 2, 3))] if next_ and rng.random() < 0.65 else names
    if not pool:
        return None
    row = workflow.ACTIONS[rng.choice(pool)]
    who, thing = rng.choice(open_to[row.name])
    if row.name == "decide" and rng.random() < 0.7:
        who = next((each for each, _ in open_to[row.name] if each == "head"), who)
    return Move(who, row, thing, inputs_for(row, case, rng))


def _done_here(case: Case) -> set[str]:
    """What was done since the case came to where it stands."""
    done: set[str] = set()
    for event in happened.events(case):
        done = set() if event.to_state != event.from_state else done | {event.action}
    return done | ({"classify"} if case.number else set())


def _open_to(case: Case, roles: set[str]) -> Iterator[tuple[str, str | None]]:
    """The names of what is possible for somebody of these roles, with the id of the thing it is done to."""
    for row in workflow.possible(case.state, roles, case.kind):
        yield row.name, None
    for kind in THING_TABLES:
        for thing in (None, *things(case, kind)):
            state = None if thing is None else thing.state
            for row in workflow.possible_on(kind, state, case.state, roles):
                yield row.name, None if thing is None else str(thing.id)


def _roles(office: Office, case: Case, who: str) -> set[str]:
    """What somebody is to a case, in the words of the rows."""
    by = office[who]
    related = relations(by, case)
    stands = {"reviews": "reviewer", "archive_desk": "archive", "borrower": "borrower"}
    return {by.role} | {role for relation, role in stands.items() if relation in related}


def any_at_all(office: Office, case: Case, rng: random.Random) -> Move:
    """Somebody tries something, whatever the table says."""
    row = rng.choice([row for row in workflow.ACTIONS.values() if row.frm or row.thing != "case"])
    thing = None
    if row.thing != "case" and row.frm:
        rows = things(case, row.thing)
        thing = rng.choice(rows).id if rows and rng.random() < 0.9 else "no such thing"
    return Move(rng.choice(sorted(office.people)), row, thing, inputs_for(row, case, rng))


def inputs_for(row: Action, case: Case, rng: random.Random) -> dict[str, Any]:
    """Inputs for an action; one of ten has something wrong in it."""
    found = {}
    needs = workflow.needs_in(row, case.state, "")
    for need in needs:
        is_first = need.name in ("subject_person", "none_needed", "to_report", "meeting_on", "meeting_number")
        if need.required or is_first or rng.random() < 0.7:
            value = _fitting(need, case, rng)
            if rng.random() < 0.9:
                value = _tuned(row, need, case, rng, value)
            if value is not None:
                found[need.name] = value
    if found and rng.random() < 0.1:
        spoilt = rng.choice(sorted(found))
        found[spoilt] = GARBAGE.get({need.name: need.kind for need in needs}[spoilt], "")
    reports = report_ids(case)
    if row.name in ("write", "supplement") and reports and rng.random() < 0.5:
        found["report"] = rng.choice(reports)
    return found


def _tuned(row: Action, need: Need, case: Case, rng: random.Random, value: Any) -> Any:
    """What a guard is likely to let pass, in place of what any value of that kind would be."""
    fits: dict[str, Any] = {
        "assign.person": _one_of("reviewer" if case.state == "reviewing" else "officer", rng),
        "subject.add.name": rng.choice(
            (*["".join(rng.sample("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", 3))] * 4, _officer(rng).name)
        ),
        "recuse.person": _officer(rng).id,
        "recuse.paper": None,
        "recuse.paper_on": None,
        "lift_recusal.person": _kept_off(case, rng),
        "lift_recusal.paper": None,
        "lift_recusal.paper_on": None,
        "let_in.person": _officer(rng).id,
        "measure.propose.subject_person": _of_the_case(need, case, rng) if need.kind == "thing" else None,
        "subject.add.person_kind": "PA",
        "subject.add.party_member": "yes",
        "measure.propose.code": rng.choice(
            ("admonish", "remind", "self_criticism", "admin_warning", "admin_downgrade")
        ),
        "measure.propose.unit": None,
        "decide.decision": "measures",
        "decide.document_complete": True,
        "feed_back.stage": "final" if case.state == "concluded" else "interim",
        "feed_back.to_report": value if rng.random() < 0.5 else None,
        "give_notice.to_report": value if rng.random() < 0.5 else None,
        "request_supplement.to_report": value if rng.random() < 0.5 else None,
        "conclude_unfounded.finding": rng.choice(("unfounded", "no_breach")),
        "reopen.ground": "new_facts",
        "enforce_done.none_needed": f"{INTERNAL}：不需要",
        "extend.count": 1,
        "extend.paper": f"{INTERNAL}：文号",
        "send_back.back_to": rng.choice(("reviewing", "verifying", "assessing")),
        "lend.until": clock.today() + dt.timedelta(days=rng.randint(1, 60)),
        "decline.reason": rng.choice(("court", "not_ours", "test_or_spam")),
        "merge.target": _another(case, rng),
    }
    return fits.get(f"{row.name}.{need.name}", value)


def _officer(rng: random.Random) -> Person:
    return rng.choice(list(Person.select().where(Person.role == "officer").order_by(Person.id)))


def _kept_off(case: Case, rng: random.Random) -> int | None:
    people = [
        row.person_id for row in case.recusals.where(Recusal.state == "in_force").order_by(Recusal.person)
    ]
    return rng.choice(people) if people else None


def _one_of(role: str, rng: random.Random) -> int:
    return int(rng.choice(list(Person.select().where(Person.role == role).order_by(Person.id))).id)


def _another(case: Case, rng: random.Random) -> str | None:
    rows = Case.select(Case.id).where(Case.state.in_(workflow.OPEN_STATES), Case.id != case.id)
    # As they came in: ids are random, and a story must not be.
    first = Entry.select(fn.MIN(Entry.position)).where(Entry.about_table == "case", Entry.about_id == Case.id)
    found = list(rows.order_by(first))
    return str(rng.choice(found).id) if found else None


def _fitting(need: Need, case: Case, rng: random.Random) -> Any:
    today = clock.today()
    match need.kind:
        case "text" | "line":
            return "市税务局" if need.name == "receiver" else f"{INTERNAL}：{need.name}"
        case "message":
            return TOLD
        case "code":
            return rng.choice(sorted(taxonomy.TABLES[need.table]))
        case "list":
            return []
        case "day":
            ahead = today + dt.timedelta(days=rng.randint(1, 80))
            return ahead if need.meant == "ahead" else rng.choice([today, today, case.received_on])
        case "person":
            roles = ("officer", "officer", "reviewer", rng.choice(("intake", "deputy", "auditor")))
            people = [row.id for row in Person.select().where(Person.role == rng.choice(roles))]
            former = case.officer_id if rng.random() < 0.7 else case.reviewer_id
            return former if need.name == "from_person" and former else rng.choice(people)
        case "people":
            officers = [row.id for row in Person.select().where(Person.role == "officer").order_by(Person.id)]
            return rng.sample(officers, rng.choice((2, 2, 2, 2, 2, 1, len(officers))))
        case "unit":
            return Unit.select().order_by(Unit.id).get().code if rng.random() < 0.5 else None
        case "number":
            return rng.choice((1, 1, 3, 5, 30))
        case "flag":
            return rng.random() < 0.97
        case _:
            return _of_the_case(need, case, rng)


def _of_the_case(need: Need, case: Case, rng: random.Random) -> str | None:
    """Something chosen among what the case has, or another case."""
    if need.kind == "case":
        rows = [case.id]
    elif need.kind == "clock":
        rows = [f"{row.name}:{row.report or ''}" for row in happened.extendable(case)]
    elif need.kind == "report":
        rows = report_ids(case)
    else:
        rows = [row.id for row in things(case, need.table)]
    return rng.choice(rows) if rows else None


def things(case: Case, kind: str) -> list[Any]:
    """A case's things in the order in which they were made, which their ids do not tell."""
    table = THING_TABLES[kind]
    made = [event.facts["thing"] for event in happened.events(case) if "thing" in event.facts]
    return sorted(table.select().where(table.case == case), key=lambda row: made.index(row.id))


def report_ids(case: Case) -> list[str]:
    """A case's reports in the order in which they came to it."""
    came = [event.report for event in happened.events(case)]
    return sorted((report.id for report in case.reports), key=came.index)
