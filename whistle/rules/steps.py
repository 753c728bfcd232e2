"""What a row of the workflow is made of: an action, what it needs, and the words both are written with."""

from dataclasses import dataclass

from whistle.rules.terms import Row, Source, Term, cite, force_day, read_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A named input of an action.

    kind: text, line, code, day, person, people, unit, list, flag, number, message; or, chosen among what the case has:
    case, clock, report, thing. `sealed`: words, kept under the case key and never in a clear fact. `table`: for codes,
    the table in `taxonomy` they come from; for things, what kind of thing; for persons, "borrowers" where not officers
    and reviewers alone are meant. `purpose`: for messages, what the message
    is for. A required flag must be true: it is something the person affirms. `required_with`: another input and the
    value of it that makes this one required; a message then goes out with that value alone. `today_with`: another input
    and the value of it with which a day is today, whatever was entered. `asked_in`: the states in which it is asked
    for; () in all. `meant`: for days, whether they lie in the past or ahead; "" either.
    """

    name: str
    kind: str
    label: Term
    required: bool = True
    sealed: bool = False
    table: str = ""
    purpose: str = ""
    required_with: tuple[str, str] | None = None
    today_with: tuple[str, str] | None = None
    asked_in: tuple[str, ...] = ()
    meant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Row):
    """One verb of the rulebook.

    thing: what it is done to: the case, or a measure, item, talk … of it, and then frm and to are that thing's states.
    frm: states it may start from; () for the one that makes the thing. to: the state after; None stays; BACK
    returns to where the case was parked from; several: which of them follows from what was entered and what is there.
    by: roles, with "system", "reporter", "archive" (a member of the archive desk) and "borrower". approval: the role
    whose leave makes it a proposal; "collective": the head's, who records day, number and result of the meeting;
    "clock": as the extended clock's row says. lighter: a complexity and the role whose leave is then enough.
    guards must hold, effects happen; both are names that `services.casework` implements. leaf: the public type of its
    log entry. fulfils: the clock it is there for; once that was met for everybody, the action is not offered any more.
    yields: it waits too while a proposal does that would end the case. kinds: the matter kinds it is for; () all.
    in_states: for things, the states of the case it may be done in.
    """

    thing: str
    frm: tuple[str, ...]
    to: str | tuple[str, ...] | None
    by: tuple[str, ...]
    approval: str | None
    lighter: tuple[str, str] | None
    needs: tuple[Need, ...]
    guards: tuple[str, ...]
    effects: tuple[str, ...]
    leaf: str
    fulfils: str = ""
    yields: bool = False
    kinds: tuple[str, ...] = ()
    in_states: tuple[str, ...] = ()

    @property
    def outcomes(self) -> tuple[str | None, ...]:
        """Every state it may lead to; None where it stays."""
        return self.to if isinstance(self.to, tuple) else (self.to,)


#: As `to`: back to the state the case was parked from.
BACK = "back"
#: As `frm`: it makes the thing. As `to`: the state does not change.
NOWHERE: tuple[str, ...] = ()
STAYS = None

#: The matter kinds that are no lead: each may end in `resolve`.
NO_LEAD = ("complaint", "unresolved", "petition", "advice")
#: The matter kinds that may end without it, by a finding or by measures; the others are owed an answer (XF 29, 31–32).
DISPOSABLE = ("lead", "complaint")


def words(
    name: str,
    zh: str,
    en: str,
    *,
    required: bool = True,
    asked_in: tuple[str, ...] = (),
    required_with: tuple[str, str] | None = None,
) -> Need:
    """Words of an officer, sealed."""
    return Need(
        name=name,
        kind="text",
        label=Term(zh, en),
        required=required,
        sealed=True,
        asked_in=asked_in,
        required_with=required_with,
    )


def line(name: str, zh: str, en: str, *, required: bool = True) -> Need:
    """A few words of an officer, such as a name or a number; sealed."""
    return Need(name=name, kind="line", label=Term(zh, en), required=required, sealed=True)


def code(name: str, zh: str, en: str, table: str, *, required: bool = True, sealed: bool = False) -> Need:
    """A choice from a table of `taxonomy`."""
    return Need(name=name, kind="code", label=Term(zh, en), required=required, table=table, sealed=sealed)


def flag(name: str, zh: str, en: str, *, required: bool, asked_in: tuple[str, ...] = ()) -> Need:
    """Something affirmed by a tick."""
    return Need(name=name, kind="flag", label=Term(zh, en), required=required, asked_in=asked_in)


def day(name: str, zh: str, en: str, *, meant: str, required: bool = True) -> Need:
    """A day; `meant` "past" up to today, "ahead" from tomorrow on."""
    return Need(name=name, kind="day", label=Term(zh, en), required=required, meant=meant)


def number(name: str, zh: str, en: str, *, required: bool = True) -> Need:
    """A whole number above zero."""
    return Need(name=name, kind="number", label=Term(zh, en), required=required)


def chosen(kind: str, name: str, zh: str, en: str, *, required: bool = True, table: str = "") -> Need:
    """Something chosen among what the case has: a case, clock, report, person, people, unit or thing."""
    return Need(name=name, kind=kind, label=Term(zh, en), required=required, table=table)


def message(
    purpose: str,
    zh: str,
    en: str,
    *,
    required: bool = True,
    required_with: tuple[str, str] | None = None,
) -> Need:
    """Words that go to the reporter, or come from there."""
    return Need(
        name="message",
        kind="message",
        label=Term(zh, en),
        required=required,
        sealed=True,
        purpose=purpose,
        required_with=required_with,
    )


def action(
    name: str,
    zh: str,
    en: str,
    *,
    frm: tuple[str, ...],
    to: str | tuple[str, ...] | None,
    by: tuple[str, ...],
    source: str | tuple[str, ...] = "OWN",
    thing: str = "case",
    approval: str | None = None,
    lighter: tuple[str, str] | None = None,
    needs: tuple[Need, ...] = (),
    guards: tuple[str, ...] = (),
    effects: tuple[str, ...] = (),
    leaf: str = "other",
    fulfils: str = "",
    yields: bool = False,
    kinds: tuple[str, ...] = (),
    in_states: tuple[str, ...] = (),
) -> Action:
    """A row, with what follows from its sources."""
    sources: tuple[Source, ...] = cite(*((source,) if isinstance(source, str) else source))
    return Action(
        name=name,
        term=Term(zh, en),
        source=sources,
        since=force_day(sources),
        checked=read_day(sources),
        thing=thing,
        frm=frm,
        to=to,
        by=by,
        approval=approval,
        lighter=lighter,
        needs=needs,
        guards=guards,
        effects=effects,
        leaf=leaf,
        fulfils=fulfils,
        yields=yields,
        kinds=kinds,
        in_states=in_states,
    )
