"""What one person is told on one day: gathered in one notice with counts alone, then closed for the outbox to send.

A notice names no case, number, unit or person, and says nothing but how many due days come soon, are today, or have
passed: mail goes through foreign hands. There is no link in it either, so that nobody learns to follow one.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, SQL, fn
from peewee import Case as When

from whistle import clock
from whistle.services import ledger
from whistle.services.access import AsSystem, is_open_to, require
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, CaseEvent, Clock
from whistle.store.database import lock_row
from whistle.store.fields import new_id
from whistle.store.outbox import Notice, Reminder, Told
from whistle.store.people import Person

#: What is counted, by how a due day stands on the day of the notice, in the order in which it is told.
KINDS = ("overdue", "today", "soon")

SUBJECTS = {"zh_CN": "工作提醒", "en": "A reminder"}
_WORDS = {
    "zh_CN": {
        "head": "截至{day}，新提醒的期限共{count}个：",
        "overdue": "已经超期：{count}",
        "today": "今天到期：{count}",
        "soon": "即将到期：{count}",
        "foot": "请照平常的办法登录，在工作台查看。这封邮件由系统发出，不含链接，也不用回复。",
    },
    "en": {
        "head": "As of {day}, due days with something new to tell: {count}",
        "overdue": "overdue: {count}",
        "today": "due today: {count}",
        "soon": "due soon: {count}",
        "foot": "Please sign in as you always do and look at your desk. This letter was written by the system; it has "
        "no link in it and needs no answer.",
    },
}
_LANGUAGE = "zh_CN"


@dataclass(frozen=True, slots=True)
class Words:
    """A notice as it is read."""

    subject: str
    body: str


def words(counts: dict[str, int], day: dt.date, language: str) -> Words:
    """A notice in the language of the person's pages."""
    language = language if language in _WORDS else _LANGUAGE
    say = _WORDS[language]
    lines = [say[kind].format(count=counts[kind]) for kind in KINDS if counts.get(kind)]
    head = say["head"].format(day=_day(day, language), count=sum(counts.values()))
    return Words(SUBJECTS[language], "\n".join([head, "", *lines, "", say["foot"], ""]))


def _day(day: dt.date, language: str) -> str:
    if language == "en":
        return f"{day.day} {day:%B} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


# --- gathering -----------------------------------------------------------------------------------------------


def open_for(person_ids: Iterable[int]) -> dict[int, Notice]:
    """The open notice of each of these people, made where there is none, and held until the transaction ends.

    Call it before the transaction's first leaf but those it appends itself, and for all people at once.
    """
    wanted = sorted(set(person_ids))
    found: dict[int, Notice] = {}
    made: list[str] = []
    while len(found) < len(wanted):
        missing = [person_id for person_id in wanted if person_id not in found]
        for person_id in missing:
            made.append(new_id())
            Notice.insert(id=made[-1], person=person_id).on_conflict_ignore().execute()
        open_ones = Notice.select().where(Notice.person.in_(missing), Notice.state == "open")
        # Whoever closed one meanwhile has it; then another is made.
        found |= {row.person_id: row for row in lock_row(open_ones.order_by(Notice.person))}
    for notice in found.values():
        if notice.id in made:
            ledger.append("other", "notice", notice)
    return found


# --- closing -------------------------------------------------------------------------------------------------


def close_all(by: AsSystem, *, is_mailed: bool) -> int:
    """Close the open notice of everybody who had none today; what came later than today's waits for tomorrow's.

    `is_mailed`: there is a mail server. Returns how many were closed.
    """
    return sum(_close(by, notice_id, is_mailed=is_mailed) for notice_id in _to_close(by))


@reading
def _to_close(by: AsSystem) -> list[str]:
    require(by, "reminders.run")
    rows = Notice.select(Notice.id).where(Notice.state == "open", Notice.person.not_in(_had_one_today()))
    return [row.id for row in rows.order_by(Notice.person)]


def _had_one_today() -> Any:
    return Notice.select(Notice.person).where(Notice.made_on == clock.today())


@use_case
def _close(by: AsSystem, notice_id: str, *, is_mailed: bool) -> bool:
    """Whether it was closed now: by this process, and with something in it."""
    require(by, "reminders.run")
    open_one = Notice.select().where(Notice.id == notice_id, Notice.state == "open")
    notice = lock_row(open_one.where(Notice.person.not_in(_had_one_today()))).first()
    counts = {} if notice is None else _counts(notice)
    if notice is None or not counts:
        return False
    notice.counts, notice.made_on = counts, clock.today()
    why = _why_kept(notice.person, is_mailed=is_mailed)
    if why is None:
        notice.state, notice.next_try_at = "waiting", _first_try(notice)
    else:
        notice.state, notice.settled_on, notice.why = "kept", clock.today(), why
    notice.save()
    ledger.append("other", "notice_closed", notice)
    return True


def _counts(notice: Notice) -> dict[str, int]:
    """How many due days a notice is about that still run, by how they stand today. A clock counts once.

    None of a case that its reader keeps off since, nor of one that went the sealed way meanwhile.
    """
    today = clock.today()
    kind = When(None, [(Clock.due_on < today, "overdue"), (Clock.due_on == today, "today")], "soon")
    rows: Any = (
        Told.select(kind.alias("stands"), fn.COUNT(Clock.id.distinct()))
        .join(Reminder)
        .join(Clock, JOIN.INNER, on=is_of_clock())
        .join(Case, on=(Clock.case == Case.id))
        .where(Told.notice == notice, Clock.state == "running", is_open_to(notice.person_id))
        .where(~Case.is_flagged | (notice.person.role == "oversight"))
        .group_by(SQL("stands"))
    )
    return {str(name): int(count) for name, count in rows.tuples()}


def is_of_clock() -> Any:
    """The clock that a reminder is about, as it stands now."""
    return (
        (Clock.case == Reminder.case)
        & (Clock.name == Reminder.clock)
        & (fn.COALESCE(Clock.report, "") == Reminder.report)
        & (Clock.started_on == Reminder.started_on)
        & (Clock.due_on == Reminder.due_on)
    )


def _why_kept(person: Person, *, is_mailed: bool) -> str | None:
    """Why a notice is not to be sent; None where it is."""
    if person.state != "active":
        return "left"
    if not is_mailed:
        return "no_server"
    return None if person.email else "no_address"


def _first_try(notice: Notice) -> dt.datetime:
    """Now; but the next full hour where somebody outside acted on one of its cases today, whose hour is not told."""
    now = clock.now()
    outside = (
        Told.select()
        .join(Reminder)
        .join(CaseEvent, JOIN.INNER, on=(CaseEvent.case == Reminder.case))
        .where(Told.notice == notice, CaseEvent.recorded_on == clock.today(), CaseEvent.by_kind != "office")
    )
    if not outside.exists():
        return now
    return now.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
