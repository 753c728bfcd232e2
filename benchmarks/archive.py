"""An office with many cases for a measurement of finding: some granted to one officer, each with words of its own.

Forty cases come in, are accepted and assigned through the services. The others are copies of their rows, with ids, days
and names of their own. What is granted is sealed for real: a key of its own under the officer's keyring, and a digest
under that key. The cases that are not granted have the rows that a list reads.
"""

import datetime as dt
import json
import random
from typing import Any
from urllib.parse import quote

from benchmarks import district
from whistle import clock
from whistle.rules import likeness, workflow
from whistle.rules.finding import fold
from whistle.services import contexts, keyrings
from whistle.services.access import Acting
from whistle.services.casework import digests
from whistle.services.casework.act import act
from whistle.store.base import Table, database
from whistle.store.cases import Case, CaseEvent, CaseSeal, Clock
from whistle.store.fields import new_id
from whistle.store.finding import CaseDigest
from whistle.store.people import Person
from whistle.store.reports import Report
from whistle.store.units import Unit
from whistle.vault import envelope, keys

FILED = 40
#: So many of one group have a word in common that no other case has.
GROUP = 20
#: Rows that one statement writes.
BATCH = 400
#: Days over which the cases came in.
DAYS = 100
#: Days from the first due day of a copy back to today; the others are due later.
OVERDUE_DAYS = 25
#: For how long a clock is amber before its day.
AMBER = dt.timedelta(days=3)
#: Where a copy stands that a list shows under no desk.
STAGES = tuple(name for name in workflow.OPEN_STATES if name not in (*workflow.DESK_STATES, "oversight"))

WORDS = (
    *("窗口", "押金", "跑了四趟", "每次说的都不一样", "二楼", "办证", "没有收据"),
    *("推给别的科室", "等了三个月", "营业执照", "找中介", "排队", "盖章", "态度很差"),
)


def fill(token: str, password: str, granted: int, total: int) -> str:
    """Fill a new office; returns the secret of a session of the officer who was granted `granted` of `total` cases."""
    (_, intake), (_, deputy) = district.person("intake", password), district.person("deputy", password)
    secret, officer = district.person("officer", password)
    for _ in range(FILED):
        district.file(token)
    usual = {"category": "inaction", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}
    for case in list(Case.select()):
        act(case.id, "classify", intake, **usual)
        act(case.id, "accept", intake)
        act(case.id, "assign", deputy, person=officer.person_id)
    originals = list(Case.select().order_by(Case.id))
    with database.atomic():
        _Copies(originals, officer).write(granted - FILED, total - FILED)
    keyrings.gather(officer)
    return secret


def word_of(group: int) -> str:
    """The word that the cases of one group have, and no other."""
    return f"凭条{group:06}号"


def address_of_one(by: Acting) -> str:
    """The address of a case that came in through the services and is granted."""
    case = (
        Case.select()
        .where(Case.officer == by.person_id, Case.number.startswith("清访"))
        .order_by(Case.number)
        .get()
    )
    return f"/office/cases/{quote(case.number)}"


class _Copies:
    """Rows of cases that are like the ones filed, gathered and written many at once."""

    def __init__(self, originals: list[Case], officer: Acting) -> None:
        self._officer, self._dice = officer, random.Random(5)
        self._originals = [(case, _rows_of(case)) for case in originals]
        self._other = Person.get(Person.user_name == "officer2")
        self._units = [unit.id for unit in Unit.select().order_by(Unit.id)]
        self._rows: dict[type[Table], list[dict[str, Any]]] = {}

    def write(self, granted: int, total: int) -> None:
        for number in range(total):
            original, rows = self._originals[number % len(self._originals)]
            self._copy(original, rows, number, is_granted=number < granted)
            if number % BATCH == 0:
                self._flush()
        self._flush()

    def _copy(
        self, case: Case, rows: dict[type[Table], list[dict[str, Any]]], number: int, *, is_granted: bool
    ) -> None:
        own, earlier = new_id(), dt.timedelta(days=number * 7 % DAYS)
        due = clock.today() + dt.timedelta(days=number * 7 % DAYS - OVERDUE_DAYS)
        officer = self._officer.person_id if is_granted else self._other.id
        is_over = not is_granted and number % 10 > 0
        self._add(
            Case,
            case.__data__
            | {
                "id": own,
                "number": f"旧访{number:07}",
                "state": "archived" if is_over else STAGES[number % len(STAGES)],
                "unit": self._units[number % len(self._units)],
                "officer": officer,
                "received_on": case.received_on - earlier,
                "key_generation": 1,
            },
        )
        for model, of_case in rows.items():
            for row in of_case:
                changed = {"id": new_id(), "case": own}
                if model is Clock:
                    changed |= {
                        "due_on": due,
                        "amber_on": due - AMBER,
                        "state": "met" if is_over else row["state"],
                    }
                if model is Report:
                    changed |= {
                        "received_on": row["received_on"] - earlier,
                        "lookup_hash": None,
                        "form_hash": None,
                    }
                self._add(model, row | changed)
        key = keys.new_key()
        self._add(CaseSeal, self._seal(own, key, officer, is_granted=is_granted))
        if is_granted:
            self._add(CaseDigest, self._digest(own, key, len(rows[CaseEvent]), number))

    def _seal(self, case: str, key: bytes, officer: int, *, is_granted: bool) -> dict[str, Any]:
        grant = keyrings.Grant(case, 1, self._officer.key_id, None, True, b"")
        ring = keys.derive(self._officer.seed, "keyring")
        sealed = envelope.seal_record(ring, key, contexts.case_key_on_ring(case, grant.reader, 1))
        return {
            "id": new_id(),
            "case": case,
            "generation": 1,
            "person": officer,
            "person_key": self._officer.key_id if is_granted else None,
            "reason": "assigned",
            "is_moved": True,
            "sealed": sealed,
        }

    def _digest(self, case: str, key: bytes, events: int, number: int) -> dict[str, Any]:
        story = "，".join(self._dice.choices(WORDS, k=140)) + word_of(number // GROUP)
        pieces = [("answer", "story", story), ("letter", "office", "您反映的问题我们已经受理。" * 4)]
        head = json.dumps({"kept_out": [], "names": [], "texts": []}).encode()
        sketch = likeness.to_bytes(likeness.sketch(story))
        parts = {
            "folded": b"\0" + "\n".join(fold(piece[2]) for piece in pieces).encode(),
            "pieces": json.dumps(pieces, ensure_ascii=False).encode(),
            "traits": b"".join(len(part).to_bytes(4, "big") + part for part in (head, sketch)),
        }
        covers = digests.Covered(events, 0, 1)
        told = ".".join(map(str, covers))
        sealed = {
            f"sealed_{part}": envelope.seal_record(key, content, contexts.digest(case, part, told, 1))
            for part, content in parts.items()
        }
        return {"case": case, "generation": 1, **covers._asdict(), **sealed}

    def _add(self, model: type[Table], row: dict[str, Any]) -> None:
        self._rows.setdefault(model, []).append(row)

    def _flush(self) -> None:
        for model in (Case, Report, CaseEvent, Clock, CaseSeal, CaseDigest):
            for start in range(0, len(rows := self._rows.pop(model, [])), BATCH):
                model.insert_many(rows[start : start + BATCH]).execute()


def _rows_of(case: Case) -> dict[type[Table], list[dict[str, Any]]]:
    return {
        model: [dict(row.__data__) for row in model.select().where(model.case == case)]
        for model in (Report, CaseEvent, Clock)
    }
