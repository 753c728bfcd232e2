"""Sends closed notices through the mail server: each once, however many workers run, and none lost while it is down.

A worker claims a notice by putting its next try off, hands it over outside of any transaction, and then records how
that went. A worker that dies in between leaves a claim that runs out, and the notice is tried again; only where it
died between the server's answer and the record can there be two copies, which one Message-ID makes known as one.
"""

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any

from peewee import OperationalError, fn

from whistle import clock
from whistle.gateways.smtp import Letter, Server, Session, Undelivered
from whistle.rules.permits import CASEWORK_ROLES
from whistle.rules.terms import Term
from whistle.services import ledger, notices
from whistle.services.access import AsSystem, require
from whistle.services.use_case import reading, use_case
from whistle.store.database import lock_row
from whistle.store.outbox import Notice
from whistle.store.people import Person

#: Notices taken on in one round, and for how long it goes on beginning new ones: other duties wait meanwhile.
BATCH, ROUND_SECONDS = 200, 60
#: How long a claim holds: longer than a server that answers slowly can take for one letter.
CLAIM = dt.timedelta(minutes=15)
#: Minutes from a failure to the next try; the last counts for all later ones.
BACK_OFF = (1, 5, 15, 60, 180)
#: A notice is given up when a try fails so many days after it was made: by then it tells of nothing new.
GIVE_UP_DAYS = 3
#: Bodies are kept for so many natural days after sending (rulebook §17).
BODY_DAYS = 30
#: After so many failures an administrator is told.
FAILING = 3
#: How often the record of a letter that went is tried, where the database is busy.
RECORD_TRIES = 3

#: Why a notice was not taken or not to be sent, as people are told.
REASONS = {
    "unreachable": Term("邮件服务器没有应答", "the mail server does not answer"),
    "tls": Term("和邮件服务器之间不能建立加密连接", "no encrypted connection to the mail server can be made"),
    "sign_in": Term(
        "邮件服务器不接受用户名或者密码", "the mail server takes neither the user nor the password"
    ),
    "sender": Term(
        "邮件服务器不接受发件地址", "the mail server does not take the address that letters come from"
    ),
    "address": Term("邮件服务器不接受收件地址", "the mail server does not take the person's address"),
    "letter": Term("邮件服务器不接受这封邮件", "the mail server does not take the letter"),
    "later": Term("邮件服务器要求以后再试", "the mail server asks to come again later"),
}

#: The mail server of this process; None: there is none. Set once at the start, before the server forks.
_server: Server | None = None


def use_server(url: str) -> None:
    """Bind the process to the mail server at an address that `config` has checked; "" for none."""
    global _server
    _server = Server(url) if url else None


def has_server() -> bool:
    """Whether notices can be mailed."""
    return _server is not None


@dataclass(frozen=True, slots=True)
class Sent:
    """What a round came to."""

    sent: int = 0
    failed: int = 0


def send_due(by: AsSystem) -> Sent:
    """Send what waits and is due. What does not go is tried again later; that is no failure of the round."""
    waiting = _waiting(by)
    if _server is None or not waiting:
        return Sent()
    until, sent, failed = time.monotonic() + ROUND_SECONDS, 0, 0
    try:
        with _server.session() as session:
            for notice_id in waiting:
                if time.monotonic() > until:
                    break
                went = _send(by, session, notice_id)
                sent, failed = sent + (went is True), failed + (went is False)
    except Undelivered as fault:
        failed += sum(_put_off(by, notice_id, fault.why) for notice_id in waiting)
    return Sent(sent, failed)


@reading
def _waiting(by: AsSystem) -> list[str]:
    require(by, "outbox.send")
    due = Notice.select(Notice.id).where(Notice.state == "waiting", Notice.next_try_at <= clock.now())
    return [row.id for row in due.order_by(Notice.next_try_at, Notice.id).limit(BATCH)]


def _send(by: AsSystem, session: Session, notice_id: str) -> bool | None:
    """Whether one notice went; None where somebody else has it. Raises Undelivered where no other can go either."""
    letter = _claim(by, notice_id)
    if letter is None:
        return None
    try:
        session.send(letter)
    except Undelivered as fault:
        _record_failure(by, notice_id, fault.why, is_final=fault.is_final)
        if fault.is_for_all:
            raise
        return False
    _record_sent(by, notice_id)
    return True


@use_case
def _claim(by: AsSystem, notice_id: str) -> Letter | None:
    """Take a notice for this process alone; None where it is taken, or its person left or has no address any more."""
    require(by, "outbox.send")
    notice = _held(notice_id, Notice.next_try_at <= clock.now())
    if notice is None:
        return None
    person: Person = notice.person
    why = "left" if person.state != "active" else None if person.email else "no_address"
    if why is not None:
        _settle(notice, "kept", why)
        return None
    notice.attempts += 1
    notice.next_try_at = clock.now() + CLAIM
    notice.save(only=[Notice.attempts, Notice.next_try_at])
    words = notices.words(notice.counts, notice.made_on, person.locale)
    return Letter(str(person.email), words.subject, words.body, notice.id, clock.now())


def _held(notice_id: str, *more: object) -> Notice | None:
    query = Notice.select().where(Notice.id == notice_id, Notice.state == "waiting", *more)
    found: Notice | None = lock_row(query).first()
    return found


def _record_sent(by: AsSystem, notice_id: str) -> None:
    """Record at once that a letter went; a busy database is asked again, for nothing else keeps it from going twice."""
    for left in reversed(range(RECORD_TRIES)):
        try:
            return _settle_sent(by, notice_id)
        except OperationalError:
            if not left:
                raise


@use_case
def _settle_sent(by: AsSystem, notice_id: str) -> None:
    require(by, "outbox.send")
    notice = _held(notice_id)
    if notice is not None:
        _settle(notice, "sent", None)


@use_case
def _record_failure(by: AsSystem, notice_id: str, why: str, *, is_final: bool = False) -> None:
    """Note that a claimed notice did not go, and when it is tried again, or that it is given up."""
    require(by, "outbox.send")
    notice = _held(notice_id)
    if notice is not None:
        _fail(notice, why, is_final=is_final)


@use_case
def _put_off(by: AsSystem, notice_id: str, why: str) -> bool:
    """Count a try of a notice that nobody claimed: the server could not be asked at all. Whether it was counted."""
    require(by, "outbox.send")
    notice = _held(notice_id, Notice.next_try_at <= clock.now())
    if notice is None:
        return False
    notice.attempts += 1
    _fail(notice, why)
    return True


def _fail(notice: Notice, why: str, *, is_final: bool = False) -> None:
    if is_final or (clock.today() - notice.made_on).days > GIVE_UP_DAYS:
        return _settle(notice, "given_up", why)
    minutes = BACK_OFF[min(notice.attempts, len(BACK_OFF)) - 1]
    notice.next_try_at, notice.why = clock.now() + dt.timedelta(minutes=minutes), why
    notice.save(only=[Notice.attempts, Notice.next_try_at, Notice.why])


def _settle(notice: Notice, state: str, why: str | None) -> None:
    notice.state, notice.next_try_at, notice.settled_on, notice.why = state, None, clock.today(), why
    notice.save()
    ledger.append("other", "notice_settled", notice, state=state, why=why)


@use_case
def forget_bodies(by: AsSystem) -> int:
    """Delete the bodies of notices settled over `BODY_DAYS` ago; that there was one, when and how it ended stays."""
    require(by, "duty.sweep")
    last = clock.today() - dt.timedelta(days=BODY_DAYS)
    old = Notice.update(counts=None).where(Notice.settled_on < last, Notice.counts.is_null(False))
    return int(old.execute())


# --- look ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trouble:
    """What does not go: whose newest notice was given up, how many fail for now, why, and who has no address."""

    given_up: tuple[str, ...]
    failing: int
    why: Term | None
    without_address: tuple[str, ...]


def trouble() -> Trouble:
    """What an administrator should know of the outbox, nothing without a server; in the caller's transaction."""
    if _server is None:
        return Trouble((), 0, None, ())
    lost, failing = list(_given_up()), list(_failing())
    told = Person.select().where(Person.state == "active", Person.role.in_(CASEWORK_ROLES))
    why = next((row.why for row in (*failing, *lost)), None)
    return Trouble(
        given_up=tuple(dict.fromkeys(row.person.name for row in lost)),
        failing=len(failing),
        why=None if why is None else REASONS[why],
        without_address=tuple(p.name for p in told.where(Person.email.is_null()).order_by(Person.id)),
    )


def _failing() -> Any:
    """What waits and failed some times, the newest first."""
    rows = Notice.select().where(
        Notice.state == "waiting", Notice.attempts >= FAILING, Notice.why.is_null(False)
    )
    return rows.order_by(Notice.made_on.desc(), Notice.id)


def _given_up() -> Any:
    """What was given up of late, of people to whom nothing went since, the newest first."""
    later = Notice.alias("later")
    went = later.select().where(
        later.person == Notice.person, later.state == "sent", later.made_on >= Notice.made_on
    )
    since = clock.today() - dt.timedelta(days=BODY_DAYS)
    return (
        Notice.select(Notice, Person)
        .join(Person)
        .where(Notice.state == "given_up", Notice.settled_on >= since, Person.state == "active")
        .where(~fn.EXISTS(went))
        .order_by(Notice.made_on.desc(), Notice.id)
    )
