"""打听过问 as a step of a case: what it brings about, and whether the case may be told of it at all."""

import datetime as dt

from whistle.services import acting_heads, deciders, grants, interference
from whistle.services.access import Acting
from whistle.services.casework.work import Work
from whistle.store.cases import Case


def keep_in_register(work: Work) -> None:
    """What was recorded goes into the register alone; the case is told that there is a record, and which.

    A case comes to people whom nobody can foresee, and one of them may be who asked.
    """
    case, words = work.case, work.words
    if not isinstance(work.by, Acting):
        raise TypeError("only a person records interference")
    row = interference.keep(
        work.by,
        case,
        who=words["who"],
        asked_on=dt.date.fromisoformat(work.facts["asked_on"]),
        how=words["how"],
        about=case.number or case.id,
    )
    words.clear()
    work.facts.clear()
    work.facts["record"] = row.id


def names_insider(case: Case, who: str, how: str) -> bool:
    """Whether what was said names somebody who can open the case, or comes to it by line or desk."""
    around = {*grants.line_people(case.desk), *grants.desk_people(case.desk), *acting_heads.of(case)}
    return any(person in around or deciders.holds(case, person) for person in interference.named(who, how))
