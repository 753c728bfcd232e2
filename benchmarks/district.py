"""What fills an office for a measurement: a case with many messages, and a desk with ten thousand reports.

Reports come in through the services. Ten thousand are too many to wait for: most of them are copies of the rows that a
list of cases reads, with ids, days and names of their own. Nobody opens a copy.
"""

import datetime as dt
import secrets
from typing import Any

from benchmarks.reporter import ANSWERS
from whistle import clock
from whistle.services import drafts, intake, sessions, tracking, visits
from whistle.services.access import Acting
from whistle.services.casework.act import act
from whistle.services.messages import LETTERS_A_DAY
from whistle.store.base import Table, database
from whistle.store.cases import Case, CaseSeal, Clock
from whistle.store.fields import new_id
from whistle.store.people import Person
from whistle.store.reports import Report

MESSAGES = 100
REPORTS = 10_000
#: Filed one by one; the rest are copies of these.
FILED = 40
#: Rows that one statement writes.
BATCH = 200


def person(user_name: str, password: str) -> tuple[str, Acting]:
    """Somebody signed in: the secret for the cookie, and who acts."""
    secret = sessions.sign_in(user_name, password).secret
    return secret, sessions.acting(secret)


def file(token: str) -> str:
    """A report sent from the form; its receipt code."""
    secret = drafts.begin(token)
    for answers in ANSWERS.values():
        drafts.save(secret, {**answers, "happened_on": "2026-09-03"})
    intake.submit(secret)
    return intake.show_receipt(secret).code


def case_with_messages(token: str, password: str) -> str:
    """An assigned case on which its reporter has written many times, on as many days as that takes; its number."""
    days = -(-MESSAGES // LETTERS_A_DAY)
    with clock.at(clock.now() - dt.timedelta(days=days - 1)):
        code = file(token)
        number = _assigned(code, password)
    for day in range(days):
        with clock.at(clock.now() - dt.timedelta(days=days - 1 - day)):
            visit = tracking.open_report(code)
            for letter in range(day * LETTERS_A_DAY, min((day + 1) * LETTERS_A_DAY, MESSAGES)):
                tracking.write(visit, f"第{letter + 1}次补充：{ANSWERS['story']['story']}", f"form-{letter}")
    return number


def _assigned(code: str, password: str) -> str:
    visit = tracking.open_report(code)
    case = Report.get_by_id(visits.read(visit, "track")["report"]).case
    (_, intake_officer), (_, deputy) = person("intake", password), person("deputy", password)
    steps: list[tuple[str, Acting, dict[str, Any]]] = [
        (
            "classify",
            intake_officer,
            {"category": "inaction", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"},
        ),
        ("accept", intake_officer, {}),
        ("assign", deputy, {"person": Person.get(Person.user_name == "officer").id}),
    ]
    for name, by, inputs in steps:
        act(case.id, name, by, version=Case.get_by_id(case.id).version, **inputs)
    return str(Case.get_by_id(case.id).number)


def fill_desk(token: str) -> int:
    """Ten thousand reports at the desk; returns how many cases there are."""
    for _ in range(FILED):
        file(token)
    originals = list(Case.select().where(Case.number.is_null()).order_by(Case.id))
    with database.atomic():
        for number in range(REPORTS - Case.select().count()):
            _copy(originals[number % len(originals)], number)
    return int(Case.select().count())


def _copy(case: Case, number: int) -> None:
    """The rows of a case that a list reads, as a case of its own that came up to a hundred days earlier."""
    earlier = dt.timedelta(days=number % 100)
    own = new_id()
    _write(case, id=own, received_on=case.received_on - earlier)
    for report in Report.select().where(Report.case == case):
        _write(
            report,
            id=new_id(),
            case=own,
            received_on=report.received_on - earlier,
            lookup_hash=secrets.token_bytes(32),
            form_hash=secrets.token_bytes(32),
        )
    for seal in CaseSeal.select().where(CaseSeal.case == case):
        _write(seal, case=own)
    for row in Clock.select().where(Clock.case == case):
        _write(row, case=own, due_on=row.due_on - earlier)


def _write(row: Table, **changed: Any) -> None:
    values = {name: value for name, value in row.__data__.items() if name != "id"} | changed
    row.__class__.insert(**values).execute()
