"""Builders for tests: an office at work, made by the ordinary services, and reports that come in to it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from tests.remembered import remembered
from whistle import clock
from whistle.services import drafts, intake, sessions, setup, tracking, visit_files
from whistle.services.access import Acting
from whistle.services.casework import approvals
from whistle.services.casework.act import Outcome
from whistle.services.casework.act import act as casework_act
from whistle.store.cases import Case
from whistle.store.channels import Channel
from whistle.store.database import close_all, open_database
from whistle.store.reports import Report

#: A Monday morning in Shanghai, well inside a year whose working days are published.
MONDAY = dt.datetime(2026, 9, 14, 1, 0, tzinfo=dt.UTC)

ANSWERS: dict[str, Any] = {
    "kind": "lead",
    "problem": "refused",
    "unit": "unknown",
    "unit_words": "二楼办证窗口",
    "story": "窗口让我跑了四趟，每次说的都不一样。",
    "identity": "anonymous",
}


@dataclass
class Filed:
    """A report that came in: its case, its report row's id, and the code its reporter holds."""

    case: str
    report: str
    code: str


@dataclass
class Office:
    """An office at work. `people` are signed in, by user name."""

    password: str
    people: dict[str, Acting] = field(default_factory=dict)

    def __getitem__(self, user_name: str) -> Acting:
        return self.people[user_name]

    @property
    def token(self) -> str:
        """The address part of the first channel's poster."""
        return str(Channel.select().order_by(Channel.id).get().token)

    @remembered
    def file(self, files: dict[str, bytes] | None = None, **answers: Any) -> Filed:
        """A report filled in and sent from the form, with these files by their names."""
        secret = drafts.begin(self.token)
        drafts.save(secret, {**ANSWERS, **answers})
        attach(secret, "draft", files or {})
        known = {row.id for row in Report.select(Report.id)}
        intake.submit(secret)
        row = next(row for row in Report.select() if row.id not in known)
        return Filed(row.case_id, row.id, intake.show_receipt(secret).code)

    def act(self, case: str, action: str, who: str, **inputs: Any) -> Outcome:
        """An officer's act on a case as it stands now."""
        return casework_act(case, action, self[who], version=Case.get_by_id(case).version, **inputs)

    def classify(self, case: str, **inputs: Any) -> Outcome:
        """Register a case with the usual class."""
        usual = {"category": "inaction", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}
        return self.act(case, "classify", "intake", **{**usual, **inputs})

    @remembered
    def accepted(self, **answers: Any) -> Filed:
        """A report classified and accepted."""
        filed = self.file(**answers)
        self.classify(filed.case, **({"kind": answers["kind"]} if "kind" in answers else {}))
        self.act(filed.case, "accept", "intake")
        return filed

    @remembered
    def assigned(self, who: str = "officer", **answers: Any) -> Filed:
        """A report accepted and assigned."""
        filed = self.accepted(**answers)
        self.act(filed.case, "assign", "deputy", person=self[who].person_id)
        return filed

    def approve(self, who: str) -> Outcome:
        """Give leave to the oldest proposal that waits for somebody."""
        return approvals.approve(self[who], approvals.queue(self[who])[0].id)

    def visit(self, filed: Filed) -> str:
        """A reporter's tracking visit."""
        return tracking.open_report(filed.code)


def attach(secret: str, kind: str, files: dict[str, bytes]) -> None:
    """Put files into a reporter's visit, as they come in from a form."""
    for name, content in files.items():
        received = visit_files.Receiving(name)
        for at in range(0, len(content), 50_000):
            received.write(content[at : at + 50_000])
        received.finish()
        visit_files.keep(secret, kind, received)
        assert received.refused is None, (name, received.refused)


def build_trial(url: str) -> Office:
    """A trial office in the database at `url`, with everybody signed in; leaves the database closed."""
    open_database(url)
    try:
        with clock.at(MONDAY):
            token = setup.first_link()
            assert token is not None
            office = Office(setup.start_trial(token).common_password)
            for person in (setup.HEAD, setup.FIRST_ADMIN, *setup.PEOPLE):
                secret = sessions.switch(None, person.user_name).secret
                office.people[person.user_name] = sessions.acting(secret)
        return office
    finally:
        close_all()


__all__ = ["ANSWERS", "MONDAY", "Filed", "Office", "attach", "build_trial"]
