"""What was merged into a case follows it: who keeps off, who is let back, the sealed way and back from it.

The reports are with the target, but the merged case says why they went there and comes back to life when it is parted.
Whoever opens the target has its key at hand (`grants.key_of_merged`); of cases merged before there were such keys, only
who holds them. Where it is not at hand, the merged case waits for new keys.
"""

from collections.abc import Callable, Iterator

from whistle.services import grants, ledger
from whistle.services.access import Acting, is_shut_out, not_shut_out_of, units_kept_out
from whistle.services.casework import classification, happened, holding, recusal_steps
from whistle.services.casework.classification import LINKED, RECUSED
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict, NotAllowed
from whistle.store.cases import Case, ShutOut, UnitShutOut
from whistle.store.people import Person
from whistle.store.units import Unit


def free_in_target(work: Work) -> None:
    """A guard: who keeps off the case that this one was merged into is let back there, and so to both."""
    target = happened.target_of(work.case)
    person = work.facts.get("person")
    if target is not None and person is not None and is_shut_out(Case.get_by_id(target), person):
        raise Conflict("kept_out_of_target")


def keep_off_merged(work: Work) -> None:
    """Who is kept off a case is kept off what was merged into it."""
    key = work.key() if isinstance(work.by, Acting) else None
    pass_on(work.by, work.case, key)


def pass_on(by: object, case: Case, key: bytes | None) -> None:
    """Keep those off every merged case who are kept off the one it is with now; `key` is that one's, where at hand."""
    for other, own_key in list(_merged(by, case, key)):
        keep_out_too(case, other)
        if not other.dirty_fields:
            continue
        if own_key is not None:
            _leave_readers(other, own_key)
        elif not recusal_steps.has_readers(other):
            raise Conflict("no_reader")
        _save(other)
        if own_key is not None:
            grants.renew(other, own_key)


def keep_out_too(case: Case, other: Case) -> None:
    """Who must not read the one must not read the other, whatever class the other is given later."""
    for row in ShutOut.select().where(ShutOut.case == case):
        classification.shut_out(other, row.person, LINKED)
    recusal_steps.carry_over(case, other)
    keep_units_out(other, units_kept_out(case))


def keep_units_out(case: Case, units: set[int]) -> None:
    """Keep units out of a case too, and take it from their people."""
    there = {row.unit_id for row in UnitShutOut.select().where(UnitShutOut.case == case)}
    for unit in Unit.select().where(Unit.id.in_(units - there)):
        classification.keep_unit_out(case, unit)
    readers = happened.readers(case)
    for person in set(readers) - set(not_shut_out_of(case, readers)):
        classification.take_from(case, person)


def let_back_to_merged(work: Work) -> None:
    """Who is let back to a case is let back to what was merged into it, but for what that case itself says."""
    if "person" not in work.facts:
        return
    person = Person.get_by_id(work.facts["person"])
    key = work.key() if isinstance(work.by, Acting) else None
    for other, own_key in list(_merged(work.by, work.case, key)):
        recusal_steps.end_too(work.case, other, person)
        row = ShutOut.get_or_none(ShutOut.case == other, ShutOut.person == person)
        if row is not None and row.reason in (LINKED, RECUSED):
            recusal_steps.let_back_to(other, own_key, person)
        if (
            own_key is not None
            and grants.given_for(other, "line")
            and person in grants.line_people(other.desk)
        ):
            grants.grant(other, own_key, person, "line")
        _save(other)


def seal_up_merged(work: Work) -> None:
    """The sealed way takes along what was merged into a case; whose key is not at hand is merely taken from all."""
    desk = holding.oversight_desk()
    for other, key in list(_merged(work.by, work.case, work.key())):
        if key is None:
            holding.take_up(other, desk)
        else:
            holding.seal_up(other, key, desk)
        _save(other)


def give_back_merged(work: Work) -> None:
    """What went the sealed way with a case comes back to the desk that the case comes back to."""
    desk = holding.home_desk(work.case)
    for other, key in list(_merged(work.by, work.case, work.key())):
        if key is not None:
            holding.give_back(other, key, desk)
            _save(other)


def _merged(by: object, case: Case, key: bytes | None) -> Iterator[tuple[Case, bytes | None]]:
    """What was merged into a case, with its key where it is at hand.

    What came with another stands before that one: new keys of the one are new keys of the other.
    """
    for other in happened.merged_into(case):
        found = _key_of(by, other, case, key)
        yield from _merged(by, other, found)
        yield other, found


def _key_of(by: object, other: Case, case: Case, key: bytes | None) -> bytes | None:
    found = None if key is None else grants.key_of_merged(other, case, key)
    if found is not None or not isinstance(by, Acting):
        return found
    try:
        return grants.case_key(by, other)
    except NotAllowed:
        return None


def _leave_readers(case: Case, key: bytes) -> None:
    """A merged case comes back to the desk: whom nobody holds any more goes there at once."""
    if not recusal_steps.has_readers(case):
        grants.grant_desk(case, key, case.desk)


def _save(case: Case) -> None:
    case.version += 1
    case.save()
    ledger.append("other", "case", case)


FOLLOWING: dict[str, Callable[[Work], None]] = {
    "keep_off_merged": keep_off_merged,
    "let_back_to_merged": let_back_to_merged,
    "seal_up_merged": seal_up_merged,
    "give_back_merged": give_back_merged,
}
