"""What a case still lacks before its measures can be decided, asked by the guards and said before a form is filled."""

from whistle.services.casework import happened, things
from whistle.store.cases import Case
from whistle.store.things import Measure


def sanctions(case: Case) -> list[Measure]:
    """The measures drawn up that want a filed case and a hearing of the person (ZWCF 42, 43)."""
    return [
        row
        for row in things.of_kind(case, "measure", "proposed")
        if happened.measure(row.code).class_ == "admin" or row.code == "exempt"
    ]


def is_heard(case: Case, rows: list[Measure]) -> bool:
    """Whether everybody was heard on whom these measures are, since the case last began anew."""
    heard = {event.facts.get("subject_person") for event in happened.events_anew(case, "hear_subject")}
    return all(row.subject_id in heard for row in rows)


def missing(case: Case) -> list[str]:
    """What is missing, as codes of `Conflict`; without measures the one decision left is to take none."""
    if not things.of_kind(case, "measure", "proposed"):
        return ["no_measures"]
    rows = sanctions(case)
    if not rows:
        return []
    unfiled = [] if happened.is_filed(case) else ["needs_filing"]
    return unfiled if is_heard(case, rows) else [*unfiled, "not_heard"]


#: The steps that lead to a decision, or are one.
STEPS = frozenset({"propose_disposal", "to_decision", "decide"})
