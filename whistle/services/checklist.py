"""The six steps of an office's set-up, each read from what is really there: what is done, what is next, whose it is.

Steps and what there is to do in them are told by name; `web.checklist` has the words and the places.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from whistle.rules.staffing import STAFFING
from whistle.services import access, grants, keyholding, recovery, scanned, superior
from whistle.services.access import Acting
from whistle.services.use_case import reading
from whistle.store.desks import Desk, DeskMember
from whistle.store.people import Admission, Person, PersonKey
from whistle.vault import keys

#: The steps in their order; a step's number is its place here.
STEPS = ("office", "keys", "people", "admit", "oversight", "channel")


#: Whom the head lets in; the oversight desk's people are let in by its members.
LET_IN = keyholding.CONTENT_ROLES - {"oversight"}


@dataclass(frozen=True, slots=True)
class Missing:
    """People whom the least staffing still wants: how many of a role, one of them at least from outside."""

    role: str
    count: int
    from_outside: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A step of the set-up. `state` is done, now or later; a later one comes `after` the step of that number.

    `what` is there to do now, by `waits_for`: a role, or `invited` where accounts wait for their owners to come.
    `people` are who is meant, by name; `is_mine` when the acting person is among them.
    """

    name: str
    state: str
    what: str
    waits_for: str
    people: tuple[str, ...] = ()
    is_mine: bool = False
    after: int | None = None
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustedCode:
    """Somebody let in on trust, and the short code to print and keep: a later one that differs was exchanged."""

    name: str
    role: str
    short_code: str


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whose turn it is, and for what; without people everybody of the role is meant."""

    what: str
    role: str
    people: tuple[Person, ...] = ()

    def is_of(self, by: Acting) -> bool:
        return by.role == self.role and (not self.people or by.person_id in {row.id for row in self.people})


def _coming(people: list[Person]) -> _Turn:
    """The turn of those who were invited and have no account yet."""
    return _Turn("activate", "invited", tuple(people))


@reading
def has_sheet(by: Acting) -> bool:
    """Whether the recovery sheet is in force: the second step alone."""
    access.require(by, "setup.checklist")
    return recovery.is_complete()


@reading
def tasks(by: Acting) -> list[Task]:
    """The six steps as they stand."""
    access.require(by, "setup.checklist")
    here = _Standing()
    rows = (
        ("office", here.has_head(), None, _Turn("invite_head", "admin")),
        ("keys", recovery.is_complete(), here.before_keys(), here.who_prints()),
        ("people", here.has_people(), here.before_people(), _Turn("invite_people", "admin")),
        ("admit", here.is_let_in(), here.before_admission(), here.who_admits()),
        ("oversight", here.has_oversight(), here.before_oversight(), here.who_oversees()),
        ("channel", here.has_channel(), here.before_channel(), _Turn("open_channel", "admin")),
    )
    return [_to_task(by, here, *row) for row in rows]


def _to_task(by: Acting, here: "_Standing", name: str, is_done: bool, after: str | None, turn: _Turn) -> Task:
    state = "done" if is_done else "now" if after is None else "later"
    return Task(
        name=name,
        state=state,
        what=turn.what,
        waits_for=turn.role,
        people=tuple(person.name for person in turn.people),
        is_mine=state == "now" and turn.is_of(by),
        after=None if state != "later" or after is None else STEPS.index(after) + 1,
        missing=tuple(here.missing()) if name == "people" else (),
    )


def waits_for(by: Acting) -> bool:
    """Whether the set-up waits for this person. A newcomer at an office that takes reports is everyday work."""
    found = tasks(by)
    is_at_work = next(task for task in found if task.name == "channel").state == "done"
    return any(task.is_mine and not (task.name == "admit" and is_at_work) for task in found)


@reading
def trusted_codes(by: Acting) -> list[TrustedCode]:
    """The keys nobody compared: those of the first head and of the first oversight member, as they were let in."""
    access.require(by, "setup.checklist")
    rows = Admission.select(Admission, PersonKey, Person).join(PersonKey).join(Person)
    rows = rows.where(Admission.on_trust, Admission.ended_at.is_null()).order_by(Admission.role, Admission.id)
    return [
        TrustedCode(row.key.person.name, row.role, keys.short_code(bytes(row.key.public))) for row in rows
    ]


class _Standing:
    """What is there of an office, asked of the tables."""

    def __init__(self) -> None:
        self.people = list(Person.select().where(Person.state != "deactivated").order_by(Person.id))
        wishes = DeskMember.select().where(DeskMember.admitted_at.is_null(), DeskMember.ended_at.is_null())
        self.wishing = {row.person_id for row in wishes}

    def of(self, *roles: str, state: str | None = None) -> list[Person]:
        return [row for row in self.people if row.role in roles and state in (None, row.state)]

    # The office, its keys and its people

    def has_head(self) -> bool:
        return bool(self.of("head"))

    def before_keys(self) -> str | None:
        return None if self.has_head() else "office"

    def who_prints(self) -> _Turn:
        active = self.of("head", state="active")
        return _Turn("print_sheet", "head", tuple(active)) if active else _coming(self.of("head"))

    def has_people(self) -> bool:
        """Whether everybody is invited without whom no report can be declined, or none be taken on the own people."""
        return bool(self.of("intake") and self.of("deputy") and self._outside())

    def before_people(self) -> str | None:
        return None if self.has_head() else "office"

    def missing(self) -> Iterable[Missing]:
        """What the least staffing still wants, invited people counted in."""
        for row in STAFFING:
            short = row.least - len(self.of(row.role))
            wants_outside = row.role == "oversight" and not self._outside()
            if short > 0 or wants_outside:
                yield Missing(row.role, max(short, 1), from_outside=wants_outside)

    def _outside(self) -> list[Person]:
        return [person for person in self.of("oversight") if person.is_outside]

    # Letting in

    def is_let_in(self) -> bool:
        return self.can_receive() and bool(keyholding.sitting("deputy")) and not self._waiting()

    def can_receive(self) -> bool:
        return any(keyholding.can_receive(desk) for desk in Desk.select().where(Desk.kind == "intake"))

    def before_admission(self) -> str | None:
        if not recovery.is_complete():
            return "keys"
        return None if self._waiting() or self.has_people() else "people"

    def who_admits(self) -> _Turn:
        """The head once somebody waits; then those who have not come yet, and who came without a place to sit."""
        if self._waiting():
            return _Turn("admit", "head", tuple(self.of("head", state="active")))
        invited = self.of(*LET_IN, state="invited")
        return _coming(invited) if invited else _Turn("give_seat", "admin")

    def _waiting(self) -> list[Person]:
        return [person for person in self.of(*LET_IN, state="active") if self._waits(person)]

    def _waits(self, person: Person) -> bool:
        return person.id in self.wishing or not keyholding.is_admitted(person)

    # The oversight desk

    def has_oversight(self) -> bool:
        return keyholding.own_people_open() and grants.superior_key() is not None

    def before_oversight(self) -> str | None:
        return None if self._outside() else "people"

    def who_oversees(self) -> _Turn:
        desk = keyholding.oversight_desk()
        if desk is None or grants.desk_key(desk) is None:
            active = [person for person in self._outside() if person.state == "active"]
            return (
                _Turn("make_oversight_key", "oversight", tuple(active))
                if active
                else _coming(self._outside())
            )
        members = keyholding.members(desk)
        if not keyholding.own_people_open():
            return self._second_member(members)
        entered = superior.waiting_key()
        if entered is None:
            return _Turn("enter_superior", "oversight", tuple(members))
        others = tuple(person for person in members if person.id != entered.entered_by_id)
        return _Turn("confirm_superior", "oversight", others)

    def _second_member(self, members: list[Person]) -> _Turn:
        others = [person for person in self.of("oversight", state="active") if person not in members]
        if any(self._waits(person) for person in others):
            return _Turn("admit_second", "oversight", tuple(members))
        if others:
            return _Turn("give_oversight_seat", "admin")
        invited = self.of("oversight", state="invited")
        return _coming(invited) if invited else _Turn("invite_second", "admin")

    # The channel

    def has_channel(self) -> bool:
        return scanned.is_any_open()

    def before_channel(self) -> str | None:
        return None if self.can_receive() else "admit"
