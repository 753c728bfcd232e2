"""Who may do what: one table from permission to roles and relations, asked by `services.access` alone."""

from collections.abc import Collection
from dataclasses import dataclass

from whistle.rules.terms import Term
from whistle.rules.workflow import ACTIONS, Action


@dataclass(frozen=True, slots=True)
class Role:
    """What a person of the office is. `must_be_admitted`: may come to hold a content key."""

    name: str
    term: Term
    must_be_admitted: bool = True


_ROLES = (
    Role("intake", Term("受理员", "intake officer")),
    Role("officer", Term("承办人", "case officer")),
    Role("reviewer", Term("审理员", "reviewer")),
    Role("deputy", Term("分管领导", "deputy")),
    Role("head", Term("主要负责人", "head")),
    Role("auditor", Term("审计员", "auditor"), must_be_admitted=False),
    Role("supervisor", Term("特邀监督员", "special supervisor")),
    Role("oversight", Term("监督小组成员", "oversight member")),
    Role("admin", Term("管理员", "administrator"), must_be_admitted=False),
)
ROLES: dict[str, Role] = {role.name: role for role in _ROLES}
CASEWORK_ROLES = ("intake", "officer", "reviewer", "deputy", "head", "oversight")

#: Actors that are no person of the office; they stand in the roles of the same name.
STRANGER, REPORTER, SYSTEM = "stranger", "reporter", "system"

#: How an actor can stand to a thing; `services.access` finds out which hold. Who is shut out of a case (named by
#: the reporter, of a unit that must not read, recused) stands in none.
RELATIONS: dict[str, str] = {
    "any": "not shut out",
    "own": "the reporter whose report it is",
    "self": "the thing is the person",
    "desk": "an admitted member of the desk; of a case's desk, only with a seal of the case",
    "holds": "holds a seal of the case",
    "line": "deputy of the desk, or the head",
    "stands_in": "of the line, holding a case whose next step is intake's, where nobody of intake may read it",
    "assigned": "the officer in charge",
    "asks": "asked to see a real-name reporter's contact",
    "keeps": "holds the first half of that contact's key, and was told why somebody asks",
    "acting": "acts as head in the case, and so stands in the role of head too",
    "reviews": "who reviews the case, whatever the role",
    "archive_desk": "an admitted member of the archive desk, for a case that lies there and that the person can open",
    "borrower": "to whom an archived case is lent",
}


@dataclass(frozen=True, slots=True)
class Permit:
    """Allowed to `roles` standing in one of `relations` ("any": in whatever), and in none of `never`."""

    roles: tuple[str, ...]
    relations: tuple[str, ...] = ("any",)
    never: tuple[str, ...] = ()

    def holds(self, role: str, relations: Collection[str]) -> bool:
        """Is this role, so related, allowed?"""
        if role not in self.roles or any(relation in self.never for relation in relations):
            return False
        return "any" in self.relations or any(relation in self.relations for relation in relations)


_READS = ("desk", "holds")
_LINE = ("deputy", "head")
_LETS_IN = (*_LINE, "oversight")
_EVERYBODY = tuple(ROLES)


#: Who stands in `Action.by` for a relation and no role.
OF_THE_ARCHIVE = {"archive": "archive_desk", "borrower": "borrower"}


def _of_action(action: Action) -> tuple[Permit, ...]:
    """An action's roles from its row: people must be able to read the case, a reporter must own it.

    Where a reporter shut the whole desk out, the line does what intake would do: a report that nobody could take in
    would be buried.
    """
    people = tuple(role for role in action.by if role in ROLES)
    permits = ((people, _READS), ((REPORTER,), ("own",)), ((SYSTEM,), ("any",)))
    found = [Permit(roles, relations) for roles, relations in permits if set(roles) & set(action.by)]
    if "intake" in action.by:
        found.append(Permit(_LINE, ("stands_in",)))
    if "reviewer" in action.by:
        found.append(Permit(("officer",), ("reviews",)))
    for relation in action.by:
        if relation in OF_THE_ARCHIVE:
            found.append(Permit(CASEWORK_ROLES, (OF_THE_ARCHIVE[relation],)))
    return tuple(found)


def permission_of(action: Action) -> str:
    """The permission of an action: `case.accept`, `item.strike_off`."""
    return f"case.{action.name}" if action.thing == "case" else action.name


#: A permission is the name of the service that asks; several rows are alternatives.
PERMITS: dict[str, tuple[Permit, ...]] = {
    **{permission_of(action): _of_action(action) for action in ACTIONS.values()},
    # Casework.
    "case.list": (Permit(CASEWORK_ROLES),),
    "board.show": (Permit(CASEWORK_ROLES),),
    # No paper of cases in sealed handling is printed: whoever sees no other case has none.
    "papers.week": (Permit(tuple(role for role in CASEWORK_ROLES if role != "oversight")),),
    # Whoever sees a part of the cases alone would take its figures for the office's.
    "papers.month": (Permit(_LINE),),
    "papers.quarter": (Permit(("intake", *_LINE)),),
    "case.read": (Permit(CASEWORK_ROLES, _READS),),
    "case.search": (Permit(CASEWORK_ROLES),),
    "case.relate": (Permit(CASEWORK_ROLES, _READS),),
    "case.rescue": (Permit(("head",)),),
    "case.renew_keys": (Permit(CASEWORK_ROLES, _READS),),
    "proposal.list": (Permit(CASEWORK_ROLES),),
    "proposal.outcome": (Permit(CASEWORK_ROLES, ("desk", "holds", "line", "assigned")),),
    "proposal.decide": (Permit(_LETS_IN, _READS), Permit(CASEWORK_ROLES, ("archive_desk",))),
    "proposal.withdraw": (Permit(CASEWORK_ROLES, _READS),),
    "assignment.hand_over": (Permit(_LINE),),
    # Whoever knows but a number declares the own recusal too. Who decides may not be able to open the case.
    "recusal.list": (Permit(CASEWORK_ROLES),),
    # A real-name reporter's contact. No account both asks and gives.
    "identity.ask": (Permit(CASEWORK_ROLES, _READS),),
    "identity.look": (Permit(CASEWORK_ROLES, _READS),),
    "identity.list": (Permit(CASEWORK_ROLES),),
    "identity.give": (Permit(CASEWORK_ROLES, ("keeps",), never=("asks",)),),
    "identity.register": (Permit(("auditor", "head")),),
    "recusal.declare": (Permit(CASEWORK_ROLES),),
    "recusal.decide": (Permit(_LINE, ("line",)), Permit(("oversight",), _READS)),
    "recusal.register": (Permit(_LETS_IN),),
    "recusal.audit": (Permit(("auditor",)),),
    "headship.list": (Permit(("auditor", *_LETS_IN)),),
    "headship.candidates": (Permit(_LETS_IN),),
    # Nobody enters oneself, so there is a second who may.
    "headship.enter": (Permit(("deputy", "oversight")),),
    # Where the whole line keeps off a case, an oversight member records what the superior says.
    "headship.enter_in": (Permit(("deputy", "oversight")),),
    "headship.end_over": (Permit((SYSTEM,)),),
    # Anybody may have been asked about a matter; who reads it must not be who asked.
    "interference.record": (Permit(_EVERYBODY),),
    "interference.list": (Permit(("head", "oversight")),),
    "interference.count": (Permit(("auditor",)),),
    # The reporter's side.
    "draft.keep": (Permit((STRANGER,)),),
    "file.frame": (Permit((STRANGER,)),),
    "report.submit": (Permit((STRANGER,)),),
    "register.look": (Permit(("intake",)),),
    "register.take_in": (Permit(("intake",), ("desk",)),),
    "report.track": (Permit((STRANGER,)),),
    "report.view": (Permit((REPORTER,), ("own",)),),
    "report.write": (Permit((REPORTER,), ("own",)),),
    # Channels and units.
    "channels.view": (Permit((STRANGER,)),),
    "channels.list_channels": (Permit(("admin", SYSTEM)),),
    "channels.get": (Permit(("admin",)),),
    "channels.make": (Permit(("admin", SYSTEM)),),
    "channels.change": (Permit(("admin",)),),
    "channels.suspend": (Permit(("admin",)),),
    "channels.resume": (Permit(("admin",)),),
    "channels.rotate": (Permit(("admin",)),),
    "channels.move": (Permit(("admin",)),),
    "channels.poster": (Permit(("admin", SYSTEM)),),
    "units.list_units": (Permit(("admin", *CASEWORK_ROLES)),),
    "units.make": (Permit(("admin",)),),
    "units.change": (Permit(("admin",)),),
    # Accounts. An administrator lets nobody in, and does nothing to the own account.
    "accounts.list_people": (Permit(("admin",)),),
    "accounts.invite": (Permit(("admin", SYSTEM)),),
    "accounts.reinvite": (Permit(("admin",), never=("self",)),),
    "accounts.correct": (Permit(("admin",), never=("self",)),),
    "accounts.deactivate": (Permit(("admin",), never=("self",)),),
    "accounts.change_role": (Permit(("admin",), never=("self",)),),
    "accounts.ending": (Permit(("admin",), never=("self",)),),
    "accounts.invitation": (Permit((STRANGER,)),),
    "accounts.activate": (Permit((STRANGER,)),),
    "accounts.own": (Permit(_EVERYBODY, ("self",)),),
    "accounts.change_password": (Permit(_EVERYBODY, ("self",)),),
    "accounts.change_second_factor": (Permit(_EVERYBODY, ("self",)),),
    "accounts.change_email": (Permit(_EVERYBODY, ("self",)),),
    "accounts.new_recovery_codes": (Permit(_EVERYBODY, ("self",)),),
    # Who is away.
    "absences.enter": (Permit(("admin",)),),
    "absences.away_now": (Permit(("admin", *CASEWORK_ROLES)),),
    # Sessions.
    "sessions.sign_in": (Permit((STRANGER,)),),
    "sessions.second_factor": (Permit((STRANGER,)),),
    "sessions.acting": (Permit((STRANGER,)),),
    "sessions.sign_out": (Permit((STRANGER,)),),
    "sessions.switch": (Permit((STRANGER,)),),
    "sessions.let_pass": (Permit(("admin", SYSTEM)),),
    "sessions.sweep": (Permit((SYSTEM,)),),
    # Letting people in, and what waits for a second person.
    "admissions.waiting": (Permit(_LETS_IN),),
    "admissions.admit": (Permit(_LETS_IN, never=("self",)),),
    "confirmations.waiting": (Permit(("admin", *_LINE)),),
    "confirmations.decide": (Permit(_LINE),),
    "confirmations.withdraw": (Permit(("admin",)),),
    # Desks and their keys.
    "desks.list_desks": (Permit(("admin", SYSTEM, *CASEWORK_ROLES)),),
    "desks.get": (Permit(("admin", *CASEWORK_ROLES)),),
    "desks.make": (Permit(("admin",)),),
    "desks.rename": (Permit(("admin",)),),
    "desks.change_deputy": (Permit(("admin", "head")),),
    "desks.ask_seat": (Permit(("admin",)),),
    "desks.end_seat": (Permit(("admin", *_LETS_IN)),),
    "desks.make_key": (Permit(_LINE),),
    "desks.make_oversight_key": (Permit(("oversight",)),),
    "desks.renew_key": (Permit(_LETS_IN),),
    "desks.renew_blind_key": (Permit(_LINE),),
    "desks.renewals": (Permit(_LETS_IN),),
    "desks.name_holder": (Permit(("admin", "head")),),
    "desks.end_holder": (Permit(("head",)),),
    "desks.list_holders": (Permit(("admin", "head")),),
    # Set-up, recovery and the superior's key.
    "office.about": (Permit((STRANGER,)),),
    "office.settings": (Permit(("admin",)),),
    "office.change": (Permit(("admin",)),),
    "administration.record": (Permit(("admin", "head", "auditor")),),
    **{f"days_off.{name}": (Permit(("admin",)),) for name in ("year", "enter", "take_back", "say_year")},
    "setup.start": (Permit((STRANGER,)),),
    "setup.checklist": (Permit(("admin", *_LETS_IN)),),
    "recovery.make_sheet": (Permit(("head",)),),
    "superior.enter": (Permit(("oversight",)),),
    "superior.confirm": (Permit(("oversight",)),),
    "superior.state": (Permit(("admin", *_LETS_IN)),),
    # The log, and what the worker does.
    "log.verify": (Permit(("auditor", "head", "oversight")), Permit((SYSTEM,))),
    "doctor.examine": (Permit(("admin", SYSTEM)),),
    "storage.state": (Permit(("admin", SYSTEM)),),
    "storage.sweep": (Permit((SYSTEM,)),),
    "duty.sweep": (Permit((SYSTEM,)),),
    "reminders.run": (Permit((SYSTEM,)),),
    "outbox.send": (Permit((SYSTEM,)),),
    "duty.checkpoint": (Permit((SYSTEM,)),),
}


def permits(permission: str, role: str, relations: Collection[str] = frozenset()) -> bool:
    """May `role`, standing in `relations` to the thing, do this? KeyError: no such permission."""
    return any(permit.holds(role, relations) for permit in PERMITS[permission])
