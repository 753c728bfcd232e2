"""Many channels at once, from the rows of a spreadsheet: first looked through, then all of them made, or none."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from whistle.services import access, channels, ledger
from whistle.services.access import Acting
from whistle.services.channels import Details
from whistle.services.errors import Invalid
from whistle.services.use_case import reading, use_case
from whistle.store.channels import Channel
from whistle.store.database import lock_row
from whistle.store.desks import Desk
from whistle.store.offices import Office
from whistle.store.units import Unit

#: Rows of one file without its heading.
MOST_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """A channel that is wished for. `desk`: the name of a desk; empty is the only one there is."""

    details: Details
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """The channels that were made: how many, and the ids of the first and of the last."""

    count: int
    first: int
    last: int


@reading
def look_through(by: Acting, rows: Sequence[Row]) -> list[list[Invalid]]:
    """What is wrong with each row, by the names of its fields; nothing is written."""
    access.require(by, "channels.make")
    return _Check().faults(rows)


@use_case
def make_all(by: Acting, rows: Sequence[Row]) -> Made:
    """A channel for each row, each with a token and a leaf of its own. Where one row is wrong, none is made.

    Raises Invalid for `rows`: `look_through` says what is wrong. The same rows again are wrong: they are there.
    """
    access.require(by, "channels.make")
    lock_row(Office.select()).get()  # a second click waits here, and finds the channels there
    check = _Check()
    if not 0 < len(rows) <= MOST_ROWS or any(check.faults(rows)):
        raise Invalid("rows", "refused")
    made = [channels.begin(row.details, check.desk(row.desk)) for row in rows]
    # The leaves come last: from the first of them to the end nobody else appends.
    for channel in made:
        ledger.append("other", "channel", channel, by=by.person_id)
    return Made(len(made), made[0].id, made[-1].id)


class _Check:
    """Units, desks and channels as they are, read once for all rows."""

    def __init__(self) -> None:
        self._units = {unit.code: unit for unit in Unit.select()}
        desks = list(Desk.select().where(Desk.kind == "intake").order_by(Desk.id))
        named = {name for desk in desks for name in (desk.name_zh, desk.name_en) if name}
        self._desks = {name: [d for d in desks if name in (d.name_zh, d.name_en)] for name in named}
        self._desks[""] = desks
        known = Channel.select(Channel.name, Channel.place, Unit.code).join(Unit)
        self._there = set(known.tuples())

    def faults(self, rows: Sequence[Row]) -> list[list[Invalid]]:
        """What is wrong with each row. Of rows that are alike, all but the first are wrong."""
        count: Counter[tuple[str, str, str]] = Counter()
        found = []
        for row in rows:
            columns, faults = channels.cleaned(row.details, self._unit)
            faults += self._faults_of(lambda row=row: self.desk(row.desk))  # type: ignore[misc]
            if (late := channels.over(row.details)) is not None:
                faults.append(late)
            if {"name", "place", "unit"} <= columns.keys():
                same = columns["name"], columns["place"], columns["unit"].code
                count[same] += 1
                if count[same] > 1:
                    faults.append(Invalid("name", "twice"))
                elif same in self._there:
                    faults.append(Invalid("name", "there_already"))
            found.append(faults)
        return found

    def desk(self, name: str) -> Desk:
        """The desk of a name; raises Invalid where there is none, or more than one."""
        found = self._desks.get(name.strip(), [])
        if len(found) != 1:
            raise Invalid("desk", "which" if found else "unknown")
        return found[0]

    def _unit(self, code: str) -> Unit:
        if not code.strip():
            raise Invalid("unit_code", "empty")
        unit = self._units.get(code.strip().upper())
        if unit is None:
            raise Invalid("unit_code", "unknown")
        return unit

    @staticmethod
    def _faults_of(step: Callable[[], object]) -> list[Invalid]:
        try:
            step()
        except Invalid as fault:
            return [fault]
        return []
