"""Cases brought to their stages by the ordinary acts: what tests of the stages after acceptance begin with."""

import dataclasses
from typing import Any

from tests.builders import Filed, Office
from tests.cases import days_later
from tests.remembered import remembered
from whistle import clock
from whistle.services import accounts, admissions, sessions, setup, tracking
from whistle.services.casework import approvals, recusals
from whistle.services.casework.act import Outcome
from whistle.store.cases import Case, CaseEvent
from whistle.store.things import Item, Measure, Subject
from whistle.store.units import Unit

#: Who keeps the archive of a trial.
ARCHIVISTS = setup.ARCHIVISTS


def state(case: str) -> str:
    """Where a case stands."""
    return str(Case.get_by_id(case).state)


def meeting() -> dict[str, Any]:
    """What the head records of today's meeting."""
    return {"meeting_on": clock.today(), "meeting_number": "纪要3号", "meeting_result": "同意"}


def ask(office: Office, case: str, action: str, who: str, leave: str, **inputs: Any) -> Outcome:
    """Propose an act and have it approved by `leave`, the meeting recorded where there is one."""
    proposal = office.act(case, action, who, **inputs).proposal_id
    assert proposal is not None, f"{action} needed no leave"
    (row,) = [row for row in approvals.queue(office[leave]) if row.id == proposal]
    return approvals.approve(office[leave], row.id, **(meeting() if row.approval == "collective" else {}))


def group(office: Office, *names: str) -> list[int]:
    """Two officers, or these people."""
    return [office[name].person_id for name in names or ("officer", "officer2")]


@remembered
def verifying(office: Office, **answers: Any) -> Filed:
    """Under verification by two officers."""
    filed = office.assigned(**answers)
    plan = {"group": group(office), "plan": "调取台账", "no_disturbance": True}
    ask(office, filed.case, "start_verification", "officer", "head", **plan)
    return filed


def let_in(office: Office, who: str = "officer2") -> Filed:
    """Assigned to somebody who bears the name of one it is about, and was let in."""
    filed = office.assigned(people=office[who].name)
    recusals.end(office["head"], filed.case, office[who].person_id, recusals.Said("同名同姓"))
    office.act(filed.case, "assign", "deputy", person=office[who].person_id)
    return filed


@remembered
def referred(office: Office) -> Filed:
    """Handed to another body to handle, which is to say in sixty days what came of it."""
    filed = office.assigned()
    refer(office, filed)
    return filed


def refer(office: Office, filed: Filed) -> None:
    """Hand it to another body to handle."""
    given = {
        "receiver": "市税务局",
        "not_led_by_subject": True,
        "wanted": "核实",
        "due": days_later(60).date(),
    }
    ask(office, filed.case, "refer", "officer", "deputy", **given)


def listed(office: Office, case: str, **more: str) -> str:
    """A person concerned, by id."""
    usual = {"name": "钱窗口", "post": "政务大厅", "person_kind": "PA", "party_member": "yes"}
    office.act(case, "subject.add", "officer", **{**usual, **more})
    newest = CaseEvent.select().where(CaseEvent.case == case, CaseEvent.action == "subject.add")
    return str(newest.order_by(CaseEvent.seq.desc()).get().facts["thing"])


def draw_up(office: Office, case: str, code: str, **on: str) -> str:
    """A measure that is proposed, by id."""
    office.act(case, "measure.propose", "officer", code=code, grounds="多次推诿", **on)
    newest = CaseEvent.select().where(CaseEvent.case == case, CaseEvent.action == "measure.propose")
    return str(newest.order_by(CaseEvent.seq.desc()).get().facts["thing"])


@remembered
def deciding(office: Office, code: str = "admonish") -> tuple[Filed, str]:
    """A light measure on one person, ready for decision without filing; with the measure's id."""
    filed = verifying(office)
    measure = draw_up(office, filed.case, code, subject_person=listed(office, filed.case))
    disposal = {"written_report": "报告", "findings": "属实", "tolerance_checked": True}
    ask(office, filed.case, "propose_disposal", "officer", "head", **disposal)
    return filed, measure


@remembered
def enforced(office: Office) -> tuple[Filed, str]:
    """An admonishment, delivered; nothing to put right; concluded."""
    filed, measure = enforcing(office)
    office.act(filed.case, "measure.deliver", "officer", thing=measure, day=clock.today(), receipt="本人签收")
    office.act(filed.case, "enforce_done", "officer", in_file_and_announced=True, none_needed="已改正")
    return filed, measure


@remembered
def enforcing(office: Office, code: str = "admonish") -> tuple[Filed, str]:
    """The same, decided by the head."""
    filed, measure = deciding(office, code)
    office.act(filed.case, "decide", "head", decision="measures", reason="属实")
    return filed, measure


@remembered
def investigating(office: Office) -> Filed:
    """Filed, with two officers."""
    filed = verifying(office)
    facts = {"facts": "收受礼品", "clause": "第三十八条", "planned_on": clock.today(), "told": True}
    ask(office, filed.case, "file_case", "officer", "head", group=group(office), **facts)
    return filed


@remembered
def reviewing(office: Office) -> Filed:
    """Filed and passed on to a reviewer."""
    filed = investigating(office)
    ask(office, filed.case, "to_review", "officer", "deputy", file_list="卷一", opinion="警告")
    office.act(filed.case, "assign", "deputy", person=office["reviewer"].person_id)
    return filed


@remembered
def concluded(office: Office, **answers: Any) -> Filed:
    """Verified, and no evidence found."""
    filed = verifying(office, **answers)
    result = {"finding": "unfounded", "written_report": "报告", "reason": "查无实据"}
    ask(office, filed.case, "conclude_unfounded", "officer", "head", **result)
    return filed


def tell(office: Office, case: str, who: str = "officer", **more: Any) -> None:
    """Give the final feedback."""
    usual = {"stage": "final", "way": "message", "message": "查无实据，特此告知。"}
    ask(office, case, "feed_back", who, "deputy", **{**usual, **more})


@remembered
def closed(office: Office, **answers: Any) -> Filed:
    """Concluded, told, rated and struck off."""
    filed = concluded(office, **answers)
    strike_off(office, filed)
    return filed


def strike_off(office: Office, filed: Filed, rating: str = "satisfied") -> None:
    """From concluded to closed."""
    tell(office, filed.case)
    tracking.rate(office.visit(filed), rating, "", f"form-{filed.case}-{rating}")
    ask(office, filed.case, "close", "officer", "deputy")


@remembered
def archived(office: Office, **answers: Any) -> Filed:
    """In the archive, of which `ARCHIVISTS` keep the key."""
    filed = closed(office, **answers)
    put_away(office, filed)
    return filed


def put_away(office: Office, filed: Filed) -> None:
    """Into the archive."""
    office.act(filed.case, "archive", "officer", file_list="卷一", file_complete=True)


def lend(office: Office, filed: Filed, to: str, days: int = 30, by: tuple[str, str] = ARCHIVISTS) -> None:
    """Out of the archive, to somebody for so many days from the first on: the first of two asks, the other agrees."""
    ask(office, filed.case, "lend", *by, **loan(office, to, days))


def loan(office: Office, to: str, days: int = 30) -> dict[str, Any]:
    """What somebody of the archive enters to lend a case."""
    return {"person": office[to].person_id, "reason": "复查", "until": days_later(days).date()}


def with_third(office: Office) -> Office:
    """The office with a third officer, `third`, let in by the head and signed in."""
    secret = accounts.start_activation(
        accounts.invite(office["admin"], "third", "卫承办", "officer"), office.password
    )
    third = sessions.acting(accounts.finish_activation(secret).sign_in.secret)
    for row in admissions.waiting(office["head"]):
        admissions.admit(office["head"], row.key_id, row.short_code)
    return dataclasses.replace(office, people={**office.people, "third": third})


def sign_in_again(office: Office, who: str) -> Any:
    """Somebody with another role, let in anew by the head."""
    for row in admissions.waiting(office["head"]):
        admissions.admit(office["head"], row.key_id, row.short_code)
    return sessions.acting(sessions.switch(None, who).secret)


def unit_code() -> str:
    """The first unit of the district."""
    return str(Unit.select().order_by(Unit.id).get().code)


def only(table: type[Item | Measure | Subject], case: str) -> str:
    """The id of the one thing of a kind that a case has."""
    return str(table.get(table.case == case).id)
