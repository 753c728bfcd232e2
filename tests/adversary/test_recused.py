"""A recused officer keeps the private key, the desk's keys and a copy of the database of before, and gets a copy of
today's. It opens what was written while the officer had the case, and nothing written since.

The attack tries every seal of both copies with every key that comes out, over and over, as whoever has both would.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import MONDAY, Filed, Office
from tests.cases import sees
from whistle.services import contexts, grants, recusal, tracking
from whistle.services.access import Acting
from whistle.services.casework import recusals
from whistle.services.casework.recusals import Said
from whistle.store.cases import Case, CaseEvent, CaseKey, CaseSeal
from whistle.store.desks import DeskKey, DeskSeal
from whistle.store.reports import Identity, IdentitySeal, Message, Report, ReportKey
from whistle.vault import envelope
from whistle.vault.errors import VaultError

COPIED = (CaseKey, CaseSeal, CaseEvent, DeskKey, DeskSeal, ReportKey, Report, Message, Identity, IdentitySeal)
BEFORE, SINCE = "回避以前写的话", "回避以后写的话"
OFF = Said("表兄弟。", "relative")
PAPER = Said("上级决定。", "interest", "清纪〔2026〕3号", MONDAY.date())


def copy_of_today() -> dict[type, list[Any]]:
    """The rows of the tables with keys and seals, as they are now."""
    return {table: list(table.select()) for table in COPIED}


def attempt(deed: Callable[..., bytes], *given: Any) -> bytes | None:
    """What opening gives; None where it fails."""
    try:
        return deed(*given)
    except VaultError:
        return None


class Thief:
    """Somebody's private key with copies of the database: all keys of a case that they can be made to give."""

    def __init__(self, person: Acting, case: str, *copies: dict[type, list[Any]]) -> None:
        self.person, self.case = person, case
        self.rows = {table: [row for copy in copies for row in copy[table]] for table in COPIED}
        self.desk_keys = self._desk_keys()
        self.case_keys = self._case_keys()
        self.report_keys = self._report_keys()

    def _desk_keys(self) -> dict[int, bytes]:
        keys = {row.id: row for row in self.rows[DeskKey]}
        found = {}
        for seal in self.rows[DeskSeal]:
            context = grants.desk_seal_context(keys[seal.desk_key_id], self.person.key_id)
            found[seal.desk_key_id] = attempt(envelope.open_with, self.person.seed, seal.sealed, context)
        return {number: seed for number, seed in found.items() if seed is not None}

    def _case_keys(self) -> dict[int, bytes]:
        """By generation: from seals, and the older ones from under the newer."""
        readers = [(f"person-key:{self.person.key_id}", self.person.seed)]
        readers += [(f"desk-key:{number}", seed) for number, seed in self.desk_keys.items()]
        found = {}
        for seal in self.rows[CaseSeal]:
            for reader, seed in readers:
                context = contexts.case_key(self.case, reader, seal.generation)
                key = attempt(envelope.open_with, seed, seal.sealed, context)
                if key is not None:
                    found[seal.generation] = key
        for row in sorted(self._own(CaseKey), key=lambda row: -row.generation):
            newer, context = found.get(row.generation + 1), contexts.older_case_key(self.case, row.generation)
            if newer and row.sealed_under_next:
                older = attempt(envelope.open_record, newer, row.sealed_under_next, context)
                found |= {} if older is None else {row.generation: older}
        return found

    def _report_keys(self) -> dict[tuple[str, int], bytes]:
        found = {}
        for row in self.rows[ReportKey]:
            context = contexts.report_key(row.report_id, "case", row.generation)
            for key in self.case_keys.values():
                opened = attempt(envelope.open_record, key, row.wrapped, context)
                if opened is not None:
                    found[row.report_id, row.generation] = opened
        return found

    def _boxes(self) -> dict[int, bytes | None]:
        return {
            row.generation: attempt(
                envelope.open_record,
                self.case_keys[row.generation],
                row.sealed_box_private,
                contexts.case_box(self.case, row.generation),
            )
            for row in self._own(CaseKey)
            if row.generation in self.case_keys
        }

    def _own(self, table: type) -> list[Any]:
        return [row for row in self.rows[table] if row.case_id == self.case]

    def reads(self) -> str:
        """Every word of messages and events that comes out."""
        found = []
        for row in self.rows[Message]:
            for (report, generation), key in self.report_keys.items():
                context = contexts.message(row.id, report, generation)
                found.append(attempt(envelope.open_record, key, row.sealed, context))
        boxes = self._boxes()
        for row in self._own(CaseEvent):
            for generation, key in self.case_keys.items() if row.sealed else ():
                context = contexts.event(row.id, self.case, generation)
                found.append(attempt(envelope.open_record, key, row.sealed, context))
                found.append(attempt(envelope.open_with, boxes[generation] or b"", row.sealed, context))
        return "\n".join(bytes(words).decode() for words in found if words)


def live_on(office: Office, filed: Filed, number: str, words: str, *, by: str = "deputy") -> None:
    """The reporter writes, and somebody of the office answers and works on."""
    tracking.write(office.visit(filed), words, number)
    if by in ("intake", "oversight"):
        office.act(filed.case, "write", by, report=filed.report, message=words)
    if sees(office, "deputy", filed.case):
        office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
        office.act(filed.case, "write", "officer2", report=filed.report, message=words)


def attack(office: Office, filed: Filed, who: str, off: Callable[[], object], *, by: str = "deputy") -> Thief:
    tracking.write(office.visit(filed), BEFORE, "n1")
    old = copy_of_today()
    known = Thief(office[who], filed.case, old)
    assert says(known, BEFORE)
    off()
    live_on(office, filed, "n2", SINCE, by=by)
    return Thief(office[who], filed.case, old, copy_of_today())


def says(thief: Thief, words: str) -> bool:
    return words in thief.reads()


def test_an_officer_who_was_taken_off_reads_nothing_written_since(office: Office) -> None:
    filed = office.assigned("officer")
    thief = attack(
        office,
        filed,
        "officer",
        lambda: recusals.impose(office["head"], filed.case, office["officer"].person_id, OFF),
    )
    assert says(thief, BEFORE)
    assert not says(thief, SINCE)
    assert not says(thief, OFF.reason)


def test_nor_who_declared_it(office: Office) -> None:
    filed = office.assigned("officer")
    thief = attack(
        office,
        filed,
        "officer",
        lambda: recusals.declare(office["officer"], filed.case, "relative", "我是他表哥。"),
    )
    assert not says(thief, SINCE)
    assert not says(thief, "我是他表哥。")


def test_nor_a_head_whose_recusal_the_superior_decided(office: Office) -> None:
    filed = office.accepted()
    thief = attack(
        office,
        filed,
        "head",
        lambda: recusals.impose(office["deputy"], filed.case, office["head"].person_id, PAPER),
    )
    assert not says(thief, SINCE)


def test_nor_a_member_of_the_desk_with_the_desks_own_key(office: Office) -> None:
    filed = office.file()
    thief = attack(
        office,
        filed,
        "intake2",
        lambda: recusals.declare(office["intake2"], filed.case, "relative", "亲属。"),
        by="intake",
    )
    assert thief.desk_keys, "the desk's key is still there, and opens nothing of this"
    assert not says(thief, SINCE)


def test_nor_an_oversight_member_of_a_case_in_sealed_handling(office: Office) -> None:
    filed = office.file(own_people=True)
    off = lambda: recusals.impose(office["oversight"], filed.case, office["oversight2"].person_id, OFF)  # noqa: E731
    thief = attack(office, filed, "oversight2", off, by="oversight")
    assert not says(thief, SINCE)


def test_of_a_case_the_head_cannot_open_yet_the_gap_ends_with_the_next_opening(office: Office) -> None:
    filed = office.file()
    tracking.request_recusal(office.visit(filed), office["intake2"].name, "同学", "n0")
    wish = recusal.waiting(office["head"])[0].id
    tracking.write(office.visit(filed), BEFORE, "n1")
    old = copy_of_today()
    recusals.grant(office["head"], wish, [office["intake2"].person_id], OFF)
    assert not sees(office, "intake2", filed.case), "the server opens nothing from that moment"
    assert Case.get_by_id(filed.case).needs_new_keys
    assert sees(office, "intake", filed.case)
    tracking.write(office.visit(filed), SINCE, "n2")
    assert not says(Thief(office["intake2"], filed.case, old, copy_of_today()), SINCE)


def test_the_other_half_of_a_name_is_in_no_copy_made_since(office: Office) -> None:
    filed = office.accepted(identity="named", name="澹台明镜", contact="13800004242")
    holders = {seal.person_id for seal in IdentitySeal.select().where(IdentitySeal.report == filed.report)}
    for person_id in holders:
        recusals.impose(office["head"], filed.case, person_id, OFF)
    # Of the last one alone it stays, or the name would be lost; the case's half that it needs has a new key since.
    assert len(holders) > 1
    assert IdentitySeal.select().where(IdentitySeal.report == filed.report).count() == 1


@pytest.mark.parametrize("who", ["officer2", "reviewer"])
def test_the_attack_itself_would_find_what_is_there(office: Office, who: str) -> None:
    """Whoever is given the case reads on; whoever never was reads nothing."""
    filed = office.assigned("officer2")
    tracking.write(office.visit(filed), SINCE, "n1")
    assert says(Thief(office[who], filed.case, copy_of_today()), SINCE) == (who == "officer2")
