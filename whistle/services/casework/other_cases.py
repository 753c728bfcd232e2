"""The other cases that a case's record names: what it was merged into or split from, for whoever may open them too."""

from collections.abc import Iterable

from whistle.services.access import Acting
from whistle.services.casework import scope
from whistle.services.casework.record import TimelineItem
from whistle.store.cases import Case

#: The facts of an event that are the id of another case.
FACTS = ("target", "from_case", "to_case", "new_case")


def named_in(by: Acting, events: Iterable[TimelineItem]) -> dict[str, str]:
    """By its id, how each other case is addressed that these events name; none that this person may not open."""
    ids = {item.facts[fact] for item in events for fact in FACTS if fact in item.facts}
    if not ids:
        return {}
    held = scope.held_cases(by).where(Case.id.in_(ids))
    return {case.id: case.number or case.id for case in held}
