"""A report's files: sealed as they come, known only to who may read the report, gone with the visit."""

import datetime as dt
import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANSWERS, Office
from whistle import clock
from whistle.rules import attachments as rules
from whistle.services import (
    assignment,
    auditing,
    doctor,
    drafts,
    duties,
    intake,
    storage,
    tracking,
    visit_files,
)
from whistle.services.casework import file_views, reading
from whistle.services.errors import Conflict, NotAllowed, NotFound
from whistle.services.shell import SHELL
from whistle.services.visit_files import Receiving
from whistle.store import files
from whistle.store.attachments import Attachment, VisitFile
from whistle.store.database import in_transaction
from whistle.store.reports import Message

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400


def add(secret: str, name: str = "a.png", content: bytes = PNG, kind: str = "draft") -> Receiving:
    received = Receiving(name)
    for at in range(0, len(content), 50_000):
        received.write(content[at : at + 50_000])
    received.finish()
    visit_files.keep(secret, kind, received)
    received.discard()
    return received


def in_store() -> set[str]:
    return {found.name for found in files.store().all()}


def filed_with(office: Office, *contents: bytes) -> str:
    """A report with files; returns its case."""
    secret = drafts.begin(office.token)
    drafts.save(secret, ANSWERS)
    for number, content in enumerate(contents, 1):
        add(secret, f"{number}.png", content)
    intake.submit(secret)
    return str(Attachment.select().order_by(Attachment.id.desc()).get().report.case_id)


def test_an_officer_who_may_read_the_report_gets_the_file_byte_by_byte(office: Office) -> None:
    case = filed_with(office, PNG)
    [report] = reading.open_case(office["intake"], case).reports
    [found] = report.files
    opened = file_views.opened(file_views.look(office["intake"], case, found.id).token)
    assert (found.name, found.kind.name, found.size, found.is_there) == ("1.png", "png", len(PNG), True)
    assert b"".join(opened.read(0, opened.size)) == PNG
    assert b"".join(opened.read(70_000, 70_009)) == PNG[70_000:70_009]


def test_a_message_of_the_reporter_carries_its_files(office: Office) -> None:
    filed = office.assigned()
    secret = office.visit(filed)
    add(secret, "later.txt", "后来的经过".encode(), "track")
    tracking.write(secret, "见文件", "form-1")
    [letter] = reading.open_case(office["officer"], filed.case).reports[0].letters
    [found] = reading.open_case(office["officer"], filed.case).reports[0].files
    assert (found.message_id, found.name) == (letter.id, "later.txt")
    assert [file.name for file in tracking.view(secret).files] == ["later.txt"]
    assert tracking.view(secret).added == []


def test_files_of_several_messages_stand_in_the_order_in_which_they_came(office: Office) -> None:
    filed = office.assigned()
    secret = office.visit(filed)
    for number in range(5):
        add(secret, f"{number}.txt", b"words" * (number + 1), "track")
        tracking.write(secret, f"第{number}次", f"form-{number}")
    [report] = reading.open_case(office["officer"], filed.case).reports
    names = [f"{number}.txt" for number in range(5)]
    assert [file.name for file in report.files] == names
    assert [file.name for file in tracking.view(secret).files] == names


def test_a_form_sent_twice_is_one_message_and_takes_its_files_once(office: Office) -> None:
    filed = office.accepted()
    secret = office.visit(filed)
    before = Message.select().count()
    add(secret, "later.txt", b"words", "track")
    tracking.write(secret, "见文件", "form-1")
    with pytest.raises(Conflict, match="sent_already"):
        tracking.write(secret, "见文件", "form-1")
    assert (Message.select().count() - before, Attachment.select().count()) == (1, 1)
    tracking.write(secret, "还有", "form-2")
    add(secret, "more.txt", b"more", "track")
    tracking.write(secret, "见文件", "form-1")
    assert (Message.select().count() - before, Attachment.select().count()) == (3, 2)


def test_a_form_sent_again_with_the_same_files_under_another_name_is_one_message(office: Office) -> None:
    secret = office.visit(office.accepted())
    before = Message.select().count()
    for name in ("IMG_1.png", "attachment 1.png"):
        add(secret, name, PNG, "track")
        try:
            tracking.write(secret, "见文件", "form-1")
        except Conflict as fault:
            assert fault.why == "sent_already"
    assert (Message.select().count() - before, Attachment.select().count()) == (1, 1)
    visit_files.delete_all(secret, "track")
    assert visit_files.listed(secret) == []
    assert len(tracking.view(secret).files) == 1


def test_after_new_keys_of_the_case_old_files_open_and_new_ones_too(office: Office) -> None:
    filed = office.assigned()
    secret = office.visit(filed)
    add(secret, "old.txt", b"old", "track")
    tracking.write(secret, "一", "form-1")
    people = office["officer"].person_id, office["officer2"].person_id
    assignment.hand_over(office["deputy"], *people, "调离")
    add(secret, "new.txt", b"new", "track")
    tracking.write(secret, "二", "form-2")
    [report] = reading.open_case(office["officer2"], filed.case).reports
    opened = [
        file_views.opened(file_views.look(office["officer2"], filed.case, f.id).token) for f in report.files
    ]
    assert sorted(b"".join(file.read(0, file.size)) for file in opened) == [b"new", b"old"]


def test_whoever_may_not_read_the_case_gets_no_file(office: Office) -> None:
    case = filed_with(office, PNG)
    file = Attachment.get().id
    for who in ("officer", "deputy", "auditor", "admin"):
        with pytest.raises((NotAllowed, NotFound)):
            file_views.look(office[who], case, file)


def test_a_file_of_another_case_is_none_of_this_one(office: Office) -> None:
    filed_with(office, PNG)
    other = office.file()
    with pytest.raises(NotFound):
        file_views.look(office["intake"], other.case, Attachment.get().id)


def test_of_two_uploads_at_once_the_one_too_many_is_refused(office: Office) -> None:
    secret = drafts.begin(office.token)
    for number in range(rules.MOST_FILES - 1):
        add(secret, f"{number}.txt", b"words" * (number + 1))
    one, other = Receiving("one.png"), Receiving("other.png")
    for received, content in ((one, PNG), (other, PNG + b"x")):
        received.write(content)
    for received in (one, other):
        received.finish()
        visit_files.keep(secret, "draft", received)
        received.discard()
    assert (one.refused, other.refused) == (None, "too_many")
    assert len(visit_files.listed(secret)) == rules.MOST_FILES


def test_the_disk_is_waited_for_before_others_have_to_wait(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = files.FolderFile.keep
    within = []

    def keep(self: files.FolderFile) -> int:
        within.append(in_transaction())
        return kept(self)

    monkeypatch.setattr(files.FolderFile, "keep", keep)
    add(drafts.begin(office.token))
    assert within == [False]


def test_a_file_whose_draft_ended_while_it_came_leaves_nothing(office: Office) -> None:
    secret = drafts.begin(office.token)
    received = Receiving("a.png")
    received.write(PNG)
    received.finish()
    drafts.discard(secret)
    with pytest.raises(NotFound):
        visit_files.keep(secret, "draft", received)
    assert received.id not in in_store()


def test_a_file_stops_when_others_took_the_room_that_is_left_to_reports(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = Receiving("a.png")
    received.write(PNG)
    monkeypatch.setattr(files.Folder, "free", lambda self: storage.FOR_REPORTS)
    received.write(PNG)
    assert received.refused == "no_room"
    assert received.id not in in_store()


class TestRoom:
    """A disk with little left, on which what is still coming in takes room like everything else."""

    @pytest.fixture
    def left(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
        def lying() -> int:
            return sum(found.size for found in files.store().all())

        def leave(size: int) -> None:
            end = storage.FOR_REPORTS + size + lying()
            monkeypatch.setattr(files.Folder, "free", lambda _store: end - lying())

        return leave

    def test_what_comes_in_never_takes_the_room_of_reports(self, office: Office, left) -> None:
        secret, coming = drafts.begin(office.token), [Receiving(f"{number}.png") for number in range(3)]
        left(1_000_000)
        for at in range(0, len(PNG) * 10, len(PNG)):
            for received in coming:
                received.write(PNG)
            free = files.store().free()
            assert free is not None, at
            assert free > storage.FOR_REPORTS - 200_000, at
        for received in coming:
            received.finish()
            visit_files.keep(secret, "draft", received)
            received.discard()
        assert "no_room" in {received.refused for received in coming}

    def test_a_file_for_which_there_is_just_room_is_kept(self, office: Office, left) -> None:
        left(len(PNG) + 50_000)
        assert add(drafts.begin(office.token)).refused is None


def test_nobody_deletes_or_renames_a_file_of_another_visit(office: Office) -> None:
    own, other = drafts.begin(office.token), drafts.begin(office.token)
    file = add(own, "mine.png").id
    visit_files.delete(other, "draft", file)
    visit_files.rename_all(other, "draft")
    assert [(found.id, found.name) for found in visit_files.listed(own)] == [(file, "mine.png")]
    assert file in in_store()


class TestEnds:
    def test_an_ended_draft_takes_its_files_along(self, office: Office) -> None:
        secret = drafts.begin(office.token)
        name = add(secret).id
        with clock.at(clock.now() + dt.timedelta(hours=3)):
            duties.sweep_visits()
        assert files.store().size(name) is None
        assert VisitFile.select().count() == 0

    def test_what_is_not_whole_is_swept_after_two_days_and_what_is_known_stays(self, office: Office) -> None:
        filed_with(office, PNG)
        cut = Receiving("cut.png")
        cut.write(PNG)
        orphan = Receiving("orphan.png")
        orphan.write(PNG)
        orphan.finish()
        orphan.keep()
        with clock.at(clock.now() + dt.timedelta(days=1)):
            assert storage.sweep(SHELL, dry_run=False).files == 0
            assert {cut.id, orphan.id} <= in_store()
        with clock.at(clock.now() + dt.timedelta(days=2)):
            assert storage.sweep(SHELL, dry_run=True).files >= 2
            storage.sweep(SHELL, dry_run=False)
            assert storage.sweep(SHELL, dry_run=True).files == 0
        assert Attachment.get().id in in_store()
        assert not in_store() & {cut.id, orphan.id}
        cut.discard()

    def test_what_an_upload_left_beside_a_known_file_costs_it_nothing(self, office: Office) -> None:
        filed_with(office, PNG)
        known = Attachment.get()
        left = files.store().create(known.id)
        with clock.at(clock.now() + dt.timedelta(days=3)):
            storage.sweep(SHELL, dry_run=False)
        assert files.store().size(known.id) == known.sealed_size
        left.discard()

    def test_today_nothing_is_swept(self, office: Office) -> None:
        cut = Receiving("cut.png")
        cut.write(PNG)
        storage.sweep(SHELL, dry_run=False)
        assert cut.id in in_store()
        cut.discard()


def test_a_file_that_was_taken_away_is_found_by_the_check_and_told_to_the_officer(office: Office) -> None:
    case = filed_with(office, PNG)
    file = Attachment.get().id
    files.store().delete(file)
    assert [placed.finding.kind for placed in auditing.verify(office["auditor"]).findings] == ["file_missing"]
    assert "files_missing" in {finding.name for finding in doctor.examine(SHELL)}
    assert not reading.open_case(office["intake"], case).reports[0].files[0].is_there


def test_the_row_keeps_the_hash_of_what_lies_in_the_store_and_the_log_covers_it(office: Office) -> None:
    filed_with(office, PNG)
    secret = office.visit(office.assigned())
    add(secret, "later.txt", b"words", "track")
    tracking.write(secret, "见文件", "form-1")
    rows = list(Attachment.select())
    for row in rows:
        with files.store().open(row.id) as kept:
            assert row.file_sha256 == hashlib.sha256(kept.read()).digest()
    assert auditing.check(with_files=True).complete
    Attachment.update(file_sha256=rows[0].file_sha256).where(Attachment.id == rows[1].id).execute()
    kinds = [finding.kind for finding in auditing.check(with_files=True).findings]
    assert sorted(kinds) == ["file_changed", "row_changed"]


def test_a_report_takes_no_more_than_all_it_may_have(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_OF_REPORT", 1)
    filed = office.accepted()
    secret = office.visit(filed)
    for number in range(2):
        add(secret, f"{number}.txt", b"words" * (number + 1), "track")
    with pytest.raises(Conflict, match="too_many_files"):
        tracking.write(secret, "见文件", "form-1")
    assert (Attachment.select().count(), VisitFile.select().count()) == (0, 2)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"\0\0\0\x18ftypmp42", "mp4"),
        (b"\0\0\0\x18ftypM4A ", "m4a"),
        (b"\0\0\0\x14ftypqt  ", "mp4"),
        (b"ID3\x04", "mp3"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"#!AMR\n", "amr"),
        (b"%PDF-1.7\n", "pdf"),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "ooxml"),
        (b"PK\x03\x04" + bytes(26) + b"photos/1.jpg", "zip"),
        ("经过".encode(), "text"),
        ("经过".encode("gb18030"), "gbtext"),
        ("那天，窗口没有人。\r\n".encode("utf-16"), "u16text"),  # Notepad's “Unicode”
        ("\ufeff经过".encode("utf-16-be"), "u16text"),
        ("\ufeff字😀".encode("utf-16-le") + "😀".encode("utf-16-le") * 1_023, "u16text"),
        (b"\xff\xfe\x90\x00\x01\x00", "mp3"),  # sound of layer I
        (b"<html><script>alert(1)</script>", "text"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text"),
        ("字".encode() * 2_000, "text"),
        (b"MZ\x90\0\x03", None),
        (b"\x7fELF\x02", None),
        (b"\xca\xfe\xba\xbe\0\0", None),
        (b"", None),
    ],
)
def test_content_tells_the_kind(head: bytes, kind: str | None) -> None:
    found = rules.kind_of(head[: rules.HEAD_BYTES])
    assert (found and found.name) == kind


@given(st.text(max_size=400))
def test_whatever_a_file_is_called_its_name_is_kept_harmless(name: str) -> None:
    kept = rules.tidy_name(name, rules.BY_NAME["png"], 1)
    assert kept
    assert len(kept) <= rules.LONGEST_NAME
    assert kept.isprintable()
    assert not set(kept) & set('/\\<>:"|?*')
    assert not kept.startswith(".")
