"""Two people at once: the second is told, nothing is lost, nothing is doubled. Real threads on real databases."""

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pyotp

from tests.builders import ANSWERS, MONDAY, Office
from tests.people import Town
from whistle import clock
from whistle.rules.attachments import MOST_FILES
from whistle.services import (
    accounts,
    channel_import,
    channels,
    drafts,
    duties,
    grants,
    intake,
    keyholding,
    ledger,
    sessions,
    tracking,
    visit_files,
    visits,
)
from whistle.services.access import AsSystem, require
from whistle.services.casework import (
    approvals,
    identity_asking,
    identity_giving,
    reading,
    related,
    renewals,
    search,
)
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.services.use_case import REGISTRY, use_case
from whistle.services.visit_files import Receiving
from whistle.store import files
from whistle.store.attachments import Attachment
from whistle.store.cases import Case, CaseEvent, CaseKey, CaseSeal, Proposal
from whistle.store.channels import Channel
from whistle.store.database import atomic_write, close, lock_row
from whistle.store.desks import DeskSeal
from whistle.store.finding import Relation
from whistle.store.people import Person
from whistle.store.reports import IdentityAsking, Message, Report


def at_once(*deeds: Callable[[], Any], now: dt.datetime = MONDAY) -> list[Any]:
    """Run deeds in threads that start together; what each returned, or the refusal it met."""
    gate = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            with clock.at(now):
                return deed()
        except (Conflict, Invalid, NotAllowed, NotFound) as told:
            return told
        finally:
            close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def refused(results: list[Any]) -> list[str]:
    return [str(result) for result in results if isinstance(result, Conflict | NotAllowed | NotFound)]


def test_two_officers_accept_one_report_and_one_of_them_is_told(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    version = reading.open_case(office["intake"], filed.case).version
    reading.open_case(office["intake2"], filed.case)
    results = at_once(
        lambda: act(filed.case, "accept", office["intake"], version=version),
        lambda: act(filed.case, "accept", office["intake2"], version=version),
    )
    assert refused(results) == ["changed"]
    assert CaseEvent.select().where(CaseEvent.action == "accept").count() == 1


def test_two_holders_answer_in_the_same_moment_and_one_of_them_is_told(office: Office) -> None:
    filed = office.assigned(identity="named", name="李四", contact="1380000xx04")
    asking = [lambda: identity_asking.ask(office["officer"], filed.case, filed.report, "要打电话")]
    assert refused(at_once(*asking * 2)) == ["asked_already"]
    (asked,) = identity_giving.queue(office["reviewer"]).waiting
    results = at_once(
        lambda: identity_giving.give(office["reviewer"], asked.id, "day"),
        lambda: identity_giving.refuse(office["reviewer2"], asked.id, "先留言"),
    )
    assert refused(results) == ["asking_over"]


def test_a_grant_and_the_loss_of_the_case_in_the_same_moment_leave_nothing_granted(office: Office) -> None:
    filed = office.assigned(identity="named", name="李四", contact="1380000xx04")
    identity_asking.ask(office["officer"], filed.case, filed.report, "要打电话")
    (asked,) = identity_giving.queue(office["reviewer"]).waiting
    at_once(
        lambda: identity_giving.give(office["reviewer"], asked.id, "day"),
        lambda: accounts.deactivate(office["admin"], office["officer"].person_id),
    )
    row = IdentityAsking.get_by_id(asked.id)
    assert (row.state, row.sealed_half) == ("ended", None)
    assert not ledger.verify().findings


def test_a_form_pressed_twice_in_the_same_moment_makes_one_report(office: Office) -> None:
    secret = drafts.begin(office.token)
    drafts.save(secret, {"kind": "advice", "unit": "unknown", "story": "一", "identity": "anonymous"})
    results = at_once(*[lambda: intake.submit(secret)] * 4)
    assert refused(results) == ["sent_already"] * 3
    assert Report.select().count() == 1


def test_a_receipt_asked_for_in_the_same_moment_is_the_same_each_time(office: Office) -> None:
    secret = drafts.begin(office.token)
    drafts.save(secret, {"kind": "advice", "unit": "unknown", "story": "一", "identity": "anonymous"})
    intake.submit(secret)
    results = at_once(*[lambda: intake.show_receipt(secret)] * 3)
    assert refused(results) == []
    assert len({receipt.code for receipt in results}) == 1


def test_eight_reports_in_the_same_moment_get_eight_cases_and_a_whole_log(office: Office) -> None:
    secrets = []
    for number in range(8):
        secret = drafts.begin(office.token)
        drafts.save(
            secret, {"kind": "advice", "unit": "unknown", "story": f"第{number}件", "identity": "anonymous"}
        )
        secrets.append(secret)
    results = at_once(*[lambda s=secret: intake.submit(s) for secret in secrets])
    assert refused(results) == []
    assert Case.select().count() == 8
    assert ledger.verify().findings == ()


def test_numbers_given_in_the_same_moment_are_all_different(office: Office) -> None:
    cases = [office.file().case for _ in range(4)]
    at_once(*[lambda c=case: office.classify(c) for case in cases])
    numbers = sorted(row.number for row in Case.select())
    assert numbers == [f"清访2026-{n:06d}" for n in range(1, 5)]


def test_a_proposal_approved_twice_in_the_same_moment_is_done_once(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    office.act(filed.case, "decline", "intake", reason="court", message="请起诉。")
    proposal = Proposal.get().id
    results = at_once(*[lambda: approvals.approve(office["deputy"], proposal)] * 2)
    assert refused(results) == ["decided_already"]
    assert CaseEvent.select().where(CaseEvent.action == "decline").count() == 1


def test_a_reporter_writes_while_an_officer_acts_and_neither_loses(office: Office) -> None:
    filed = office.accepted()
    visit = office.visit(filed)
    results = at_once(
        lambda: tracking.write(visit, "再补一句", "n1"),
        lambda: office.act(filed.case, "assign", "deputy", person=office["officer"].person_id),
    )
    assert refused(results) == []
    assert Message.select().where(Message.side == "reporter").count() == 1
    assert Case.get_by_id(filed.case).officer.user_name == "officer"
    assert tracking.view(visit).letters[-1].text == "再补一句"


# --- keys ----------------------------------------------------------------------------------------------------


def wanting_keys(office: Office, count: int) -> list[str]:
    """Cases of the desk whose keys are to be made anew."""
    cases = [office.file().case for _ in range(count)]
    Case.update(needs_new_keys=True).where(Case.id.in_(cases)).execute()
    return cases


def test_two_readers_open_a_case_that_wants_new_keys_and_both_read_it(office: Office) -> None:
    for _ in range(5):
        (case,) = wanting_keys(office, 1)
        results = at_once(
            lambda c=case: reading.open_case(office["intake"], c).reports[0].answers["story"],
            lambda c=case: reading.open_case(office["intake2"], c).reports[0].answers["story"],
        )
        assert refused(results) == []
        assert len(set(results)) == 1
        assert Case.get_by_id(case).key_generation == 2
        assert CaseKey.select().where(CaseKey.case == case).count() == 2
        assert reading.open_case(office["intake2"], case).reports
    assert ledger.verify().findings == ()


def test_two_officers_renew_the_same_cases_and_each_is_renewed_once(office: Office) -> None:
    cases = wanting_keys(office, 6)
    results = at_once(
        lambda: renewals.renew(office["intake"]),
        lambda: renewals.renew(office["intake2"]),
        lambda: reading.open_case(office["intake"], cases[3]).ref,
    )
    assert refused(results) == []
    assert {Case.get_by_id(case).key_generation for case in cases} == {2}
    assert all(reading.open_case(office["intake2"], case).reports for case in cases)


def test_keys_made_meanwhile_are_not_made_over(office: Office) -> None:
    """Whoever looked before another renewed is told, and does not put an old key in the new one's place."""
    (case,) = wanting_keys(office, 1)
    stale = Case.get_by_id(case)
    key = grants.case_key(office["intake"], stale)
    reading.open_case(office["intake2"], case)
    with atomic_write():
        try:
            grants.renew(stale, key)
        except Conflict as told:
            assert told.why == "changed"
        else:
            raise AssertionError("an old key took the place of a new one")


def test_nothing_is_granted_to_somebody_who_leaves_in_the_same_moment(office: Office) -> None:
    filed = [office.accepted() for _ in range(6)]
    officer = office["officer"].person_id
    at_once(
        *[lambda f=f: office.act(f.case, "assign", "deputy", person=officer) for f in filed],
        lambda: accounts.deactivate(office["admin"], officer),
    )
    assert Person.get_by_id(officer).state == "deactivated"
    assert not CaseSeal.select().where(CaseSeal.person == officer).exists()
    assert ledger.verify().findings == ()


def test_a_grant_on_its_way_is_seen_by_the_deactivation_that_waits_for_it(office: Office) -> None:
    """The grant has looked and not yet committed when the deactivation begins."""
    filed, officer = office.accepted(), office["officer"].person_id
    granted, ended = threading.Event(), threading.Event()

    def give() -> None:
        with atomic_write():
            case = Case.get_by_id(filed.case)
            assert grants.grant(
                case, grants.case_key(office["deputy"], case), Person.get_by_id(officer), "assigned"
            )
            granted.set()
            ended.wait(0.5)

    def leave() -> None:
        granted.wait(5)
        accounts.deactivate(office["admin"], officer)
        ended.set()

    assert refused(at_once(give, leave)) == []
    assert not CaseSeal.select().where(CaseSeal.person == officer).exists()
    assert Case.get_by_id(filed.case).needs_new_keys


def test_a_deactivation_on_its_way_is_seen_by_a_grant(office: Office) -> None:
    """The deactivation has taken the seals and not yet committed when the grant looks."""
    filed, officer = office.accepted(), office["officer"].person_id
    stripped, tried = threading.Event(), threading.Event()

    def leave() -> None:
        with atomic_write():
            person = keyholding.hold(Person.get_by_id(officer))
            keyholding.strip(person, None)
            stripped.set()
            tried.wait(0.5)
            person.state = "deactivated"
            person.save()

    def give() -> Any:
        stripped.wait(5)
        try:
            with atomic_write():
                case = Case.get_by_id(filed.case)
                key = grants.case_key(office["deputy"], case)
                return grants.grant(case, key, Person.get_by_id(officer), "assigned")
        finally:
            tried.set()

    assert at_once(leave, give)[1] is False
    assert not CaseSeal.select().where(CaseSeal.person == officer).exists()


def test_a_report_that_comes_in_while_a_member_leaves_is_marked_or_not_theirs(office: Office) -> None:
    """Of a desk key the leaving member may have kept a copy: what is sealed to it must be made anew."""
    known = office["intake2"].person_id
    desk_keys = {seal.desk_key_id for seal in DeskSeal.select().where(DeskSeal.person == known)}
    at_once(*[office.file] * 4, lambda: accounts.deactivate(office["admin"], known))
    for seal in CaseSeal.select().where(CaseSeal.desk_key.in_(desk_keys)):
        assert Case.get_by_id(seal.case_id).needs_new_keys
    for case in Case.select():
        try:
            assert reading.open_case(office["intake"], case.id).reports
        except NotAllowed:
            raise AssertionError("a report reached nobody") from None


def test_whoever_is_deactivated_in_the_middle_of_an_act_blocks_nobody(office: Office) -> None:
    """The act holds the case and writes the person last; the deactivation holds the person and wants the case."""
    for who in ("officer", "officer2", "reviewer"):
        filed = office.assigned(who)
        results = at_once(
            lambda f=filed, w=who: office.act(f.case, "to_oversight", w, reason="涉及本机关人员"),
            lambda w=who: accounts.deactivate(office["admin"], office[w].person_id),
        )
        assert Person.get_by_id(office[who].person_id).state == "deactivated"
        assert set(refused(results)) <= {"session", "case", "case.to_oversight", "not_admitted", "changed"}
        assert not CaseSeal.select().where(CaseSeal.person == office[who].person_id).exists()
    assert ledger.verify().findings == ()


def test_two_who_wait_for_each_other_both_come_through(office: Office) -> None:
    """PostgreSQL ends one of them; its use case is run again. SQLite lets them write one after the other."""
    cases = [office.file().case for _ in range(2)]
    both = threading.Barrier(2)

    def lock(first: str, second: str) -> str:
        require(AsSystem("worker"), "duty.sweep")
        list(lock_row(Case.select().where(Case.id == first)))
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.5)
        list(lock_row(Case.select().where(Case.id == second)))
        return second

    locking = use_case(lock)
    try:
        results = at_once(lambda: locking(*cases), lambda: locking(*reversed(cases)))
    finally:
        del REGISTRY[f"{lock.__module__}.{lock.__name__}"]
    assert sorted(results) == sorted(cases)


def test_two_leaders_who_lost_their_passwords_do_not_both_lose_their_keys(staffed: Town) -> None:
    halves = []
    for who in ("head", "deputy"):
        secret = accounts.start_activation(
            accounts.reinvite(staffed["admin"], staffed[who].person_id), "bieren-caibudao-de-7-liang-che"
        )
        seed = accounts.activation(secret).totp_secret
        assert seed is not None
        halves.append((secret, seed))
    now = staffed.now
    results = at_once(
        *[
            lambda half=half: accounts.finish_activation(half[0], pyotp.TOTP(half[1]).at(now))  # type: ignore[misc]
            for half in halves
        ],
        now=now,
    )
    assert refused(results) == ["needs_sheet"]
    assert len(keyholding.sitting("deputy", "head")) == 1


def test_one_sheet_confirmed_twice_at_once_makes_its_channels_once(office: Office) -> None:
    before = Channel.select().count()
    rows = [channel_import.Row(channels.Details(f"{n}号窗口", "QY01")) for n in range(20)]
    results = at_once(*[lambda: channel_import.make_all(office["admin"], rows)] * 2)
    assert [str(result) for result in results if isinstance(result, Invalid)] == ["rows: refused"]
    assert Channel.select().count() == before + 20


def test_a_draft_that_is_sent_as_its_hour_ends_keeps_its_files(office: Office) -> None:
    secret = drafts.begin(office.token)
    received = _received(b"words")
    visit_files.keep(secret, "draft", received)
    late, is_held = MONDAY + dt.timedelta(hours=3), threading.Event()

    def act_on_it() -> None:
        with clock.at(late), atomic_write():
            visits.lock(secret)
            is_held.set()
            time.sleep(0.3)
            visits.write(secret, "draft", {})
        close()

    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act_on_it)
        is_held.wait()
        with clock.at(late):
            duties.sweep_visits()
        acting.result()
    assert files.store().size(received.id) is not None


def test_files_of_a_report_on_its_way_outlast_a_sweep_of_its_draft(office: Office) -> None:
    """The hour of the draft passes while the report is being stored, and the sweep looks before that is done."""
    secret = drafts.begin(office.token)
    drafts.save(secret, ANSWERS)
    received = visit_files.Receiving("a.txt")
    received.write("经过".encode())
    received.finish()
    visit_files.keep(secret, "draft", received)
    stored, swept = threading.Event(), threading.Event()

    def send() -> None:
        with atomic_write():
            intake.submit(secret)
            stored.set()
            swept.wait(0.5)

    def sweep() -> None:
        stored.wait(5)
        with clock.at(MONDAY + dt.timedelta(hours=3)):
            duties.sweep_visits()
        swept.set()

    assert refused(at_once(send, sweep)) == []
    assert files.store().size(Attachment.get().id) is not None


def _received(content: bytes) -> Receiving:
    received = Receiving("a.txt")
    received.write(content)
    received.finish()
    return received


def test_of_files_that_come_at_once_no_more_are_kept_than_may_be_and_none_twice(office: Office) -> None:
    secret = drafts.begin(office.token)
    for number in range(MOST_FILES - 2):
        visit_files.keep(secret, "draft", _received(f"{number}".encode()))
    coming = [_received(content) for content in (b"same", b"same", b"one", b"two", b"three")]
    at_once(*(partial(visit_files.keep, secret, "draft", received) for received in coming))
    kept = [received for received in coming if received.refused is None]
    assert len(kept) == 2
    assert len({received.digest for received in kept}) == 2
    listed = visit_files.listed(secret)
    assert len(listed) == MOST_FILES
    assert {received.id for received in coming if files.store().size(received.id)} == {f.id for f in kept}
    visit_files.rename_all(secret, "draft")
    assert len({file.name for file in visit_files.listed(secret)}) == MOST_FILES


def test_searches_sign_ins_and_new_keys_in_the_same_moment_lose_no_grant_and_no_word(office: Office) -> None:
    filed = [office.assigned(story=f"第{number}件先收押金。") for number in range(3)]
    for case in filed:
        tracking.write(office.visit(case), "蟋蟀叫了。", f"n-{case.case}")
    Case.update(needs_new_keys=True).execute()
    query = search.Query(text="押金 蟋蟀")
    results = at_once(
        partial(search.find, office["officer"], query),
        partial(search.find, office["deputy"], query),
        partial(sessions.sign_in, "officer", office.password),
        partial(renewals.renew, office["head"]),
        partial(related.beside, office["officer"], filed[0].case),
    )
    assert refused(results) == []
    for who in ("officer", "deputy", "head"):
        page = search.find(office[who], query)
        assert (page.total, page.left) == (3, 0), who
    assert ledger.verify().findings == ()


def test_two_who_say_the_same_of_two_cases_in_the_same_moment_make_one_row(office: Office) -> None:
    one, other = office.assigned(), office.assigned()
    results = at_once(
        partial(related.answer, office["officer"], one.case, other.case, "matter", True),
        partial(related.answer, office["deputy"], other.case, one.case, "matter", True),
        partial(related.answer, office["head"], one.case, other.case, "matter", True),
    )
    assert results == [None] * 3
    assert Relation.select().count() == 1
