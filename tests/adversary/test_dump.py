"""Whoever takes the database and every file beside it learns nothing that a reporter or an officer wrote."""

import json
import re
from pathlib import Path

from tests.builders import Filed, Office
from whistle.services import tracking, visit_files
from whistle.services.casework import approvals, identity_asking, identity_giving, related, search
from whistle.services.visit_files import Receiving
from whistle.store import files
from whistle.store.reports import Report
from whistle.store.schema import TABLES

#: Planted words that occur nowhere else, as a reporter or an officer would write them.
PLANTED = {
    "story": "鹤望兰在雨后开了七朵",
    "people": "漆雕某某站在柜台后面",
    "name": "澹台明镜",
    "contact": "13800004242",
    "persons_shut_out": "呼延主任不能看",
    "unit_words": "三瓮巷尽头的小楼",
}
OFFICE_WORDS = {
    "question": "请问鹤望兰是哪一天开的",
    "answer": "是蟋蟀叫的那个晚上",
    "decline": "请向管蟋蟀的部门反映",
    "returned": "蟋蟀的事还要再问问",
    "recusal": "端木副主任是他表弟",
    "reason": "此件另有隐情须转交",
    "subject": "亓官某人",
    "searched": "鹤望兰七朵",
    "asked": "蟋蟀叫的事要打电话问",
    "unanswered": "蟋蟀的事先留言",
}
FILE_WORDS = "卷柏夹在第三本账里"


def everything() -> bytes:
    """Every value of every table as bytes, nothing escaped."""
    values = (value for model in TABLES for row in model.select().tuples().iterator() for value in row)
    return b"\n".join(_raw(value) for value in values)


def _raw(value: object) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return json.dumps(value, ensure_ascii=False, default=str).encode()


def _live_through(office: Office) -> list[str]:
    codes = []
    filed = office.file(identity="named", **PLANTED)
    codes.append(filed.code)
    office.classify(filed.case, subject=OFFICE_WORDS["subject"])
    office.act(filed.case, "request_supplement", "intake", message=OFFICE_WORDS["question"])
    visit = office.visit(filed)
    received = Receiving(f"{PLANTED['name']}.txt")
    received.write(FILE_WORDS.encode() * 1_000)
    received.finish()
    visit_files.keep(visit, "track", received)
    tracking.write(visit, OFFICE_WORDS["answer"], "n1")
    tracking.request_recusal(visit, OFFICE_WORDS["recusal"], OFFICE_WORDS["recusal"], "n2")
    office.act(filed.case, "decline", "intake", reason="court", message=OFFICE_WORDS["decline"])
    approvals.send_back(office["deputy"], approvals.queue(office["deputy"])[0].id, OFFICE_WORDS["returned"])
    office.act(filed.case, "accept", "intake", message=OFFICE_WORDS["decline"])
    _look_through(office, filed.case)
    looked_at = office.file(identity="named", **PLANTED)
    codes.append(looked_at.code)
    _look(office, looked_at)
    office.act(filed.case, "to_oversight", "deputy", reason=OFFICE_WORDS["reason"])
    return codes


def _look_through(office: Office, case: str) -> None:
    """Everything that reads many cases at once, and what it keeps for the next time."""
    found = search.find(office["deputy"], search.Query(text=PLANTED["story"]))
    assert found.total == 1
    search.keep(office["deputy"], search.Query(text=OFFICE_WORDS["searched"]))
    related.beside(office["deputy"], case)


def _look(office: Office, filed: Filed) -> None:
    """The name is asked for, refused, asked for again, and looked at; the half that was given lies in the table."""
    for answer in ("refused", "given"):
        identity_asking.ask(office["intake"], filed.case, filed.report, OFFICE_WORDS["asked"])
        (asked,) = identity_giving.queue(office["reviewer"]).waiting
        if answer == "refused":
            identity_giving.refuse(office["reviewer"], asked.id, OFFICE_WORDS["unanswered"])
    identity_giving.give(office["reviewer"], asked.id, "week")
    assert identity_asking.look(office["intake"], filed.case, filed.report).name == PLANTED["name"]


def test_a_dump_of_every_table_holds_no_planted_word_and_no_receipt_code(
    office: Office, tmp_path: Path
) -> None:
    codes = _live_through(office)
    dump = everything()
    for file in tmp_path.rglob("*"):
        dump += file.read_bytes() if file.is_file() else b""
    for file in filter(lambda found: found.is_whole, files.store().all()):
        with files.store().open(file.name) as kept:
            dump += kept.read()
    for words in (*PLANTED.values(), *OFFICE_WORDS.values(), FILE_WORDS, *codes):
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            assert words.encode(encoding) not in dump
        assert json.dumps(words).strip('"').encode() not in dump
    for code in codes:
        assert not re.search(r"[ -]?".join(code[i : i + 4] for i in range(0, 24, 4)).encode(), dump)


def test_a_word_left_in_the_clear_would_be_found(office: Office) -> None:
    filed = office.file()
    Report.update(sealed_body=PLANTED["story"].encode()).where(Report.id == filed.report).execute()
    assert PLANTED["story"].encode() in everything()


def test_the_database_file_itself_holds_no_planted_word(
    sqlite_office: Office, sqlite_office_file: Path
) -> None:
    _live_through(sqlite_office)
    folder, name = sqlite_office_file.parent, sqlite_office_file.name
    files = b"".join(file.read_bytes() for file in folder.glob(name + "*"))
    assert b"CREATE TABLE" in files
    for words in (*PLANTED.values(), *OFFICE_WORDS.values()):
        assert words.encode() not in files
