"""The words of an event, opened with the case key."""

from typing import Any

from whistle.services import contexts, grants
from whistle.store.cases import Case, CaseEvent
from whistle.vault import envelope


def words_of(case: Case, key: bytes, event: CaseEvent) -> dict[str, Any]:
    """What was written with an event; `key` is the newest case key. Empty where nothing was.

    Who asked about a case is for the register's readers alone, and no case's event says it any more: of those that
    were written before nothing is read.
    """
    if event.sealed is None or event.generation is None or event.action == "record_interference":
        return {}
    own_key = grants.key_of_generation(case, key, event.generation)
    context = contexts.event(event.id, case.id, event.generation)
    if event.by_kind == "office":
        words = envelope.open_json_record(own_key, event.sealed, context)
    else:
        box = grants.box_private(case, own_key, event.generation)
        words = envelope.open_json_with(box, event.sealed, context)
    return dict(words)


def newest_words(case: Case, key: bytes, *actions: str) -> dict[str, Any]:
    """What was written with the newest of a case's events of these actions; empty where there is none."""
    query = CaseEvent.select().where(CaseEvent.case == case, CaseEvent.action.in_(actions))
    event = query.order_by(CaseEvent.seq.desc()).first()
    return {} if event is None else words_of(case, key, event)
