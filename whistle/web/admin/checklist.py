"""The administrator's first page: the six steps of the set-up, whom the next waits for, what is missing."""

from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from whistle.rules.permits import ROLES
from whistle.services import doctor, setup
from whistle.services.admissions import confirmations
from whistle.services.setup import Task
from whistle.web.admin import blueprint
from whistle.web.admin.wording import ABOUT_TASKS, CONFIRMATIONS, FINDINGS, TASKS
from whistle.web.filters import either, term
from whistle.web.forms import show
from whistle.web.session import by

#: Where an administrator does the steps that are an administrator's.
PLACES = {"office": "admin.person_new", "people": "admin.person_new", "channel": "admin.channel_new"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the page shows it."""

    task: Task
    words: Any
    about: Any
    endpoint: str | None
    waits_for: str


@blueprint.get("/")
def checklist() -> ResponseReturnValue:
    """What is done, what is next, whom it waits for."""
    steps = [_step(task) for task in setup.checklist(by())]
    takes_reports = steps[-1].task.state == "done"
    findings = [(f.is_fault, _sentence(f)) for f in doctor.examine(by())] if takes_reports else []
    return show(
        "admin/checklist/steps.html",
        steps=steps,
        takes_reports=takes_reports,
        is_done=all(step.task.state == "done" for step in steps),
        findings=findings,
        changes=confirmations(by()),
        change_words=CONFIRMATIONS,
        codes=setup.trusted_codes(by()),
    )


def _step(task: Task) -> Step:
    endpoint = PLACES.get(task.name) if task.state == "now" else None
    waits_for = term(ROLES[task.waits_for]) if task.waits_for in ROLES else ""
    return Step(task, TASKS[task.name], ABOUT_TASKS[task.name], endpoint, waits_for)


def _sentence(finding: doctor.Finding) -> str:
    data = dict(finding.data)
    if "role" in data:
        data |= {"role": term(ROLES[str(data["role"])]), "without": either(data["without"])}
    return str(FINDINGS[finding.name]) % data
