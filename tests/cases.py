"""What tests ask of a case: who holds it, who can open it, which clock runs."""

import datetime as dt

from tests.builders import MONDAY, Office
from whistle import clock
from whistle.services.casework import reading
from whistle.services.errors import NotAllowed, NotFound
from whistle.store.cases import CaseSeal, Clock
from whistle.store.desks import Desk
from whistle.store.people import Person


def days_later(days: int) -> dt.datetime:
    """So many days after the Monday on which the office opens."""
    return MONDAY + dt.timedelta(days=days)


def holders(case: str) -> set[str]:
    """Who holds a case: user names, 'desk', 'recovery', 'superior'."""
    found = set()
    for seal in CaseSeal.select().where(CaseSeal.case == case):
        if seal.person is not None:
            found.add(seal.person.user_name)
        elif seal.desk_key_id is not None:
            found.add("desk")
        else:
            found.add("recovery" if seal.is_recovery else "superior")
    return found


def running(case: str, name: str) -> Clock:
    """The running clock of a case by its name."""
    return Clock.get(Clock.case == case, Clock.name == name, Clock.state == "running")


def owed(case: str) -> set[str]:
    """The names of the clocks that somebody still waits for."""
    rows = Clock.select(Clock.name).where(Clock.case == case, Clock.state.in_(("running", "paused")))
    return {row.name for row in rows}


def sees(office: Office, who: str, case: str) -> bool:
    """Whether somebody can open a case."""
    try:
        reading.open_case(office[who], case)
    except (NotAllowed, NotFound):
        return False
    return True


def other_line() -> Desk:
    """A desk whose deputy is somebody else."""
    deputy = Person.create(
        user_name="deputy2", name="另一位", role="deputy", state="active", recorded_at=clock.now()
    )
    return Desk.create(
        name_zh="二号台", name_en="Second", kind="intake", deputy=deputy, recorded_at=clock.now()
    )
