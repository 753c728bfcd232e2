"""打听过问 as it is recorded: in the register, and as a step of the case where nobody it names could read that."""

import datetime as dt

from whistle import clock
from whistle.services import interference
from whistle.services.access import Acting, may, require
from whistle.services.casework import happened
from whistle.services.casework.act import act
from whistle.services.casework.interference_steps import names_insider
from whistle.services.errors import Conflict, Invalid
from whistle.services.messages import check_text
from whistle.services.use_case import use_case
from whistle.store.cases import Case
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
    case = Case.get_or_none((Case.number == about) | (Case.id == about)) if about else None
    if case is None or not may(by, "case.record_interference", case) or names_insider(case, who, how):
        row = interference.keep(by, case, who=who, asked_on=asked_on, how=how, about=about)
        return interference.number_of(row.id)
    act(case.id, "record_interference", by, who=who, asked_on=asked_on, how=how)
    return interference.number_of(happened.newest(case, "record_interference").facts["record"])
