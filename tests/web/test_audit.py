"""The auditor's page of the log: how far the signature reaches, the note to keep, and what a check found, in words."""

import pytest

from tests.visiting import words
from tests.web.officers import Desks
from whistle.services import ledger
from whistle.store.cases import Case, Clock
from whistle.web.audit.wording import FINDINGS, REASONS


def test_every_finding_and_every_reason_has_its_words() -> None:
    assert set(FINDINGS) == ledger.KINDS
    assert set(REASONS) == ledger.REASONS


def test_the_newest_signature_is_shown_in_full_to_keep(desks: Desks) -> None:
    auditor = desks.sit("auditor")
    assert "还没有签过名" in auditor.get("/audit/").text
    made = ledger.make_checkpoint()
    desks.office.file()
    page = auditor.get("/audit/")
    note = page.soup.select_one("textarea")
    assert note is not None
    assert note.get_text() == made.note
    assert made.root.hex() in page.text
    assert "whistle log verify --against" in page.text
    assert f"最近一次签名到第{made.size:,}条" in page.text.replace(" ", "") or str(made.size) in page.text


def test_a_check_says_how_far_the_signature_reaches(desks: Desks) -> None:
    made = ledger.make_checkpoint()
    auditor = desks.sit("auditor")
    desks.office.file()
    page = auditor.submit(auditor.get("/audit/"), "立即核验")
    assert "现有的内容全部一致" in page.text
    unsigned = ledger.verify().size - made.size
    assert f"最近一次签名到第{made.size}条，其后{unsigned}条尚未签名" in page.text
    assert "单凭数据库核验不出来" in page.text


@pytest.mark.parametrize(("language", "expected"), [("zh-CN", "存下的期限"), ("en", "The stored due days")])
def test_a_finding_is_a_sentence_with_its_case(desks: Desks, language: str, expected: str) -> None:
    case = desks.office.accepted().case
    Clock.update(due_on="2026-12-31").where(Clock.case == case).execute()
    auditor = desks.sit("auditor")
    auditor.headers = {"Accept-Language": language}
    page = auditor.submit(auditor.get("/audit/"), "立即核验" if language == "zh-CN" else "")
    row = words(page.soup.select_one("table tbody tr"))
    assert expected in row
    assert str(Case.get_by_id(case).number) in row
    assert f"clock_differs: case {case}" in row


def test_the_language_link_of_a_result_leads_back_to_the_button(desks: Desks) -> None:
    auditor = desks.sit("auditor")
    page = auditor.submit(auditor.get("/audit/"), "立即核验")
    english = auditor.get(page.link("English"))
    assert english.response.request.path == "/audit/"
    assert english.h1 == "Log check"
    assert auditor.client.get("/audit/log/verify").status_code == 303


def test_what_was_left_unchecked_is_said_in_words(desks: Desks) -> None:
    ledger.make_checkpoint()
    ledger.signing.key_path().unlink()
    auditor = desks.sit("auditor")
    page = auditor.submit(auditor.get("/audit/"), "立即核验")
    assert "不能算作通过" in page.text
    assert "签名无法验证" in page.text
    assert "checkpoint_signatures" not in page.text
