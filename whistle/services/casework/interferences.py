"""打听过问 as it is recorded: in the register, and as a step without words in the case that it is known to be about."""

import datetime as dt

from whistle import clock
from whistle.services import interference
from whistle.services.access import Acting, may, require
from whistle.services.casework import happened, typed_numbers
from whistle.services.casework.act import act
from whistle.services.casework.interference_steps import names_insider
from whistle.services.errors import Conflict, Invalid
from whistle.services.messages import check_text
from whistle.services.use_case import use_case
from whistle.store.cases import Case
from whistle.store.fields import is_id
from whistle.store.people import Person

#: Longest words on who asked and about what, and on how.
WHO_LIMIT, HOW_LIMIT = 200, 5_000


@use_case
def record(
    by: Acting, *, who: str, asked_on: dt.date, how: str, about: str = "", person_id: int | None = None
) -> str:
    """Record who asked, on which day and how; returns the number by which the person can refer to it.

    `person_id`: somebody of the office. `about`: a case by its number or id, or words. Raises Invalid, and Conflict
    'nobody_reads_this' where the only readers are those it names, or 'names_all_oversight' where of a case in sealed
    handling that would be so: the answer is the same whatever the case, and whether or not there is one.
    """
    require(by, "interference.record")
    person = None if person_id is None else Person.get_or_none(Person.id == person_id)
    who = check_text("who", who if person is None else f"{person.name} {who}", WHO_LIMIT)
    how = check_text("how", how, HOW_LIMIT)
    about = check_text("about", about, WHO_LIMIT) if about.strip() else ""
    if asked_on > clock.today():
        raise Invalid("asked_on", "ahead")
    if about and interference.names_all_oversight(who, how):
        raise Conflict("names_all_oversight")
    case, is_unclear = _case_of(about)
    if case is None or not may(by, "case.record_interference", case) or names_insider(case, who, how):
        row = interference.keep(
            by, case, who=who, asked_on=asked_on, how=how, about=about, is_unclear=is_unclear
        )
        return interference.number_of(row.id)
    act(case.id, "record_interference", by, who=who, asked_on=asked_on, how=how)
    return interference.number_of(happened.newest(case, "record_interference").facts["record"])


def _case_of(about: str) -> tuple[Case | None, bool]:
    """The one case that some words are about; and whether they have a number that leads to none, or to several."""
    if is_id(about):
        return Case.get_or_none(Case.id == about), False
    numbers = typed_numbers.among(about)
    meant = [case for number in numbers for case in Case.select().where(number.is_meant()).limit(2)]
    ids = {case.id for case in meant}
    if len(ids) == 1 and len(meant) == len(numbers):
        return meant[0], False
    return None, bool(numbers)
