"""Files on the page of the form and on the tracking page: taken, listed, renamed, deleted, and refused in words."""

import datetime as dt
import io
import itertools
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import peewee
import pytest

from tests.builders import MONDAY
from tests.visiting import Page, words
from tests.web.floods import used_up
from tests.web.reporters import Reporter, Street, reports
from whistle import clock
from whistle.services import storage
from whistle.store import files
from whistle.store.attachments import Attachment, VisitFile
from whistle.web import uploads
from whistle.web.waiting_room import NO_PLACE

PNG = b"\x89PNG\r\n\x1a\n" + b"planted-words-in-a-picture" * 10_000
FIFTY_ONE_MB = 51_000_000


def chosen(*sent: tuple[str, bytes]) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(content), name) for name, content in sent]


def names(page: Page) -> list[str]:
    return [words(item) for item in page.soup.select(".files .name")]


def upload(reporter: Reporter, *sent: tuple[str, bytes], status: int = 200) -> Page:
    """Stand before the page for files, choose some, and press upload."""
    return reporter.visitor.submit(reporter.walk("files"), "上传", status, files=chosen(*sent))


def away(*_arguments: str) -> str:
    """As every query answers while there is no database."""
    raise peewee.OperationalError("away")


def kept() -> list[str]:
    return [found.name for found in files.store().all()]


def bomb() -> bytes:
    """A zip whose one entry would be a gigabyte."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("big", "w") as entry:
        for _ in range(64):
            entry.write(bytes(1_000_000))
    return held.getvalue()


class TestTaking:
    def test_a_file_that_came_is_listed_and_goes_with_the_report(self, reporter: Reporter) -> None:
        page = upload(reporter, ("窗口.png", PNG))
        assert names(page) == ["窗口.png"]
        page = reporter.visitor.submit(page, "继续")
        while "提交举报" not in page.text:
            page = reporter.visitor.submit(page, "继续", identity="anonymous")
        assert "窗口.png" in page.text
        reporter.visitor.submit(page, "提交举报")
        assert Attachment.select().count() == 1
        assert VisitFile.select().count() == 0

    def test_going_on_takes_what_was_chosen_too(self, reporter: Reporter) -> None:
        page = reporter.visitor.submit(reporter.walk("files"), "继续", files=chosen(("a.png", PNG)))
        assert page.h1 == "有谁不能看到这份材料？"
        assert VisitFile.select().count() == 1

    def test_one_tap_renames_all(self, reporter: Reporter) -> None:
        page = upload(reporter, ("张三的工作证.png", PNG), ("b.txt", "经过".encode()))
        assert names(reporter.visitor.submit(page, "把文件名")) == ["附件1.png", "附件2.txt"]

    def test_deleting_deletes_the_bytes_at_once(self, reporter: Reporter) -> None:
        page = upload(reporter, ("a.png", PNG))
        assert len(kept()) == 1
        page = reporter.visitor.submit(page, "删除")
        assert (names(page), kept()) == ([], [])

    def test_leaving_quickly_deletes_them_too(self, reporter: Reporter) -> None:
        page = upload(reporter, ("a.png", PNG))
        reporter.visitor.client.get(page.link("快速离开"))
        assert kept() == []

    def test_the_same_file_twice_is_kept_once_and_is_no_fault(self, reporter: Reporter) -> None:
        page = upload(reporter, ("a.png", PNG), ("copy.png", PNG))
        assert (names(page), len(kept())) == (["a.png"], 1)

    def test_nothing_of_it_is_in_clear_on_the_disk(self, reporter: Reporter, tmp_path: Path) -> None:
        upload(reporter, ("a.png", PNG))
        holding = [p for p in tmp_path.rglob("*") if p.is_file() and b"planted-words" in p.read_bytes()]
        assert holding == []


class TestRefused:
    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("empty.png", b"", "“empty.png”是空的"),
            ("a.exe", b"MZ\x90\x00" + bytes(100), "“a.exe”这种文件不能收"),
            ("photo.jpg", b"\x7fELF" + bytes(100), "“photo.jpg”这种文件不能收"),
        ],
    )
    def test_it_is_told_in_words_and_nothing_is_kept(self, reporter: Reporter, name, content, told) -> None:
        page = upload(reporter, (name, content), status=422)
        assert told in page.faults[0]
        assert kept() == []

    def test_a_name_is_told_without_what_cannot_be_seen(self, reporter: Reporter) -> None:
        page = upload(reporter, ("a\x00b\u202egpj.exe", b"MZ\x90\x00" + bytes(100)), status=422)
        assert page.faults[0].startswith("“abgpj.exe”这种文件不能收")

    def test_a_file_of_51_mb_is_told_and_the_others_are_kept(self, reporter: Reporter) -> None:
        big = b"\xff\xd8\xff" + bytes(FIFTY_ONE_MB)
        page = upload(reporter, ("big.jpg", big), ("a.png", PNG), status=422)
        assert page.faults == ["“big.jpg”超过50 MB，没有收下。请剪短或者压缩以后再传"]
        assert names(page) == ["a.png"]

    def test_of_eleven_files_ten_are_kept(self, reporter: Reporter) -> None:
        sent = [(f"{number}.txt", f"第{number}件".encode()) for number in range(11)]
        page = upload(reporter, *sent, status=422)
        assert "“10.txt”没有收下：一次最多10个文件" in page.faults[0]
        assert len(names(page)) == 10
        assert not page.soup.select("input[type=file]")

    def test_each_of_several_is_told_at_the_top(self, reporter: Reporter) -> None:
        page = upload(reporter, ("empty.png", b""), ("a.exe", b"MZ\x90\x00"), status=422)
        assert [fault.partition("”")[0] for fault in page.faults] == ["“empty.png", "“a.exe"]

    def test_what_is_said_of_the_eleventh_leads_to_a_place_on_the_page(self, reporter: Reporter) -> None:
        sent = [(f"{number}.txt", f"第{number}件".encode()) for number in range(11)]
        page = upload(reporter, *sent, status=422)
        link = page.soup.select_one(".faults a")
        assert link is not None
        assert page.soup.select(str(link["href"]))

    def test_a_zip_bomb_is_a_zip_and_is_never_unpacked(self, reporter: Reporter) -> None:
        packed = bomb()
        page = upload(reporter, ("bomb.zip", packed))
        assert names(page) == ["bomb.zip"]
        assert sum(found.size for found in files.store().all()) < 2 * len(packed) + 1_000

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("../../etc/passwd.png", "passwd.png"),
            ("C:/秘密/a.png", "a.png"),
            ("a\x00b\u202egnp.exe", "abgnp.exe"),
            ("....", "附件1.png"),
            ("长" * 300 + ".png", "长" * 116 + ".png"),
            (".htaccess", "htaccess"),
        ],
    )
    def test_hostile_names_become_plain_ones(self, reporter: Reporter, name, shown) -> None:
        assert names(upload(reporter, (name, PNG))) == [shown]

    def test_a_disk_that_fills_up_is_told_and_keeps_nothing(self, reporter: Reporter, monkeypatch) -> None:
        page = reporter.walk("files")

        def full(self, data):
            raise files.StoreFull

        monkeypatch.setattr(files.FolderFile, "write", full)
        page = reporter.visitor.submit(page, "上传", 422, files=chosen(("a.png", PNG)))
        assert "存放文件的地方满了" in page.faults[0]
        assert kept() == []

    def test_at_the_limit_files_stop_and_text_goes_on(self, reporter: Reporter, monkeypatch) -> None:
        monkeypatch.setattr(storage, "_limit", 1_000)
        page = upload(reporter, ("a.png", PNG), status=422)
        assert "文字照样可以提交" in page.faults[0]
        reporter.visitor.submit(page, "继续")

    def test_on_a_full_disk_no_report_is_begun_and_the_page_says_where_to_turn(
        self, reporter: Reporter, monkeypatch
    ) -> None:
        page = reporter.visitor.get(reporter.address())
        monkeypatch.setattr(files.Folder, "free", lambda self: 1_000)
        assert "现在不能收新的举报" in reporter.visitor.submit(page, "开始", 404).h1
        assert reports() == 0


class TestHostileForms:
    """Bodies by hand, as no browser makes them."""

    def body(self, reporter: Reporter, parts: int, *, is_cut: bool = False) -> tuple[bytes, str]:
        page = reporter.walk("files")
        token = page.soup.select_one("form[enctype] input[name=csrf_token]")["value"]
        fields = [f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'.encode()]
        head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
        fields += [head + PNG[:100] + str(number).encode() + b"\r\n" for number in range(parts)]
        return b"".join(fields) + (b"" if is_cut else b"--b--\r\n"), reporter.address("files")

    def send(self, reporter: Reporter, body: bytes, address: str) -> int:
        response = reporter.visitor.client.post(
            address, data=body, content_type="multipart/form-data; boundary=b"
        )
        return response.status_code

    def test_ten_thousand_parts_are_refused_and_leave_nothing(self, reporter: Reporter) -> None:
        assert self.send(reporter, *self.body(reporter, 10_000)) == 413  # and words that say how many
        assert kept() == []

    def test_a_body_that_breaks_off_leaves_nothing(self, reporter: Reporter) -> None:
        assert self.send(reporter, *self.body(reporter, 2, is_cut=True)) == 400
        assert kept() == []

    def test_a_page_without_a_token_keeps_nothing(self, reporter: Reporter) -> None:
        body, address = self.body(reporter, 1)
        assert self.send(reporter, body.replace(b"csrf_token", b"other_name"), address) == 422
        assert kept() == []

    def test_where_too_many_come_in_at_once_the_page_says_when_to_come_again(
        self, reporter: Reporter
    ) -> None:
        body, address = self.body(reporter, 1)
        answer = reporter.visitor.client.post(
            address,
            data=body,
            content_type="multipart/form-data; boundary=b",
            environ_overrides={NO_PLACE: True},
        )
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "这会儿上传的人太多" in answer.text

    def test_who_sends_slower_than_any_telephone_is_not_listened_to(
        self, reporter: Reporter, monkeypatch
    ) -> None:
        body, address = self.body(reporter, 1)
        seconds = itertools.count(0, uploads.GRACE_SECONDS + 60)
        monkeypatch.setattr(uploads.time, "monotonic", lambda: next(seconds))
        assert self.send(reporter, body, address) == 408
        assert kept() == []

    def test_who_has_no_draft_writes_no_byte(self, reporter: Reporter, street: Street) -> None:
        body, address = self.body(reporter, 1)
        stranger = street.somebody()
        stranger.visitor.get("/")
        assert self.send(stranger, body, address) == 410
        assert kept() == []


class TestWordsBesideFiles:
    """Without scripts, words beside a file are on no page when the form was not read: then it must not say so."""

    @pytest.fixture
    def writing(self, reporter: Reporter) -> Reporter:
        reporter.look_up(reporter.report())
        return reporter

    def send(self, reporter: Reporter, parts: int = 1, language: str = "zh", **environ: Any) -> Any:
        page = reporter.visitor.get("/track/write")
        token = page.soup.select_one("form[enctype] input[name=csrf_token]")["value"]
        return reporter.visitor.client.post(
            "/track/write",
            data={"csrf_token": token, "text": "写了很久", "files": chosen(*[("a.png", PNG[:100])] * parts)},
            headers={"Accept-Language": language},
            environ_overrides=environ,
        )

    @pytest.mark.parametrize(("status", "parts"), [(503, 1), (413, 70), (408, 1)])
    def test_the_page_says_how_to_get_them_back(
        self, writing: Reporter, status: int, parts: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if status == 408:
            seconds = itertools.count(0, uploads.GRACE_SECONDS + 60)
            monkeypatch.setattr(uploads.time, "monotonic", lambda: next(seconds))
        environ = {NO_PLACE: True} if status == 503 else {}
        answer = self.send(writing, parts, **environ)
        assert answer.status_code == status
        assert "文字和文件都没有收下" in answer.text
        assert "用浏览器的“返回”回到上一页" in answer.text
        assert "文件要重新选" in answer.text
        assert "前面填写的内容都还在" not in answer.text
        assert answer.headers.get("Retry-After") == ("30" if status == 503 else None)
        answer = self.send(writing, parts, "en", **environ)
        assert "Neither your words nor your files were taken." in answer.text
        assert "choose the files again" in answer.text

    def test_it_says_so_too_where_the_database_goes_away_as_the_files_come(
        self, writing: Reporter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The page wanted to carry what was typed, read the form for that, and failed."""
        page = writing.visitor.get("/track/write")  # made before
        monkeypatch.setattr(writing.visitor, "get", lambda _address: page)
        monkeypatch.setattr(uploads.visit_files, "why_not", away)
        answer = self.send(writing)
        assert answer.status_code == 503
        assert "系统暂时连不上" in answer.text
        assert "用浏览器的“返回”回到上一页" in answer.text

    def test_and_on_the_form_that_what_was_typed_before_is_still_there(
        self, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = reporter.walk("files")
        monkeypatch.setattr(uploads.visit_files, "why_not", away)
        page = reporter.visitor.submit(page, "上传", 503, files=chosen(("a.png", PNG)))
        assert page.h1 == "系统暂时连不上"
        assert "文件还没有收下" in page.text

    def test_a_form_that_was_read_is_on_its_page_as_before(self, writing: Reporter) -> None:
        used_up("message")
        answer = self.send(writing)
        assert answer.status_code == 429
        assert "写了很久" in answer.text
        assert "没有收下" not in answer.text


class SlowBody(io.BytesIO):
    """A body of which every read takes minutes of the office's clock."""

    def __init__(self, body: bytes, minutes: ExitStack) -> None:
        super().__init__(body)
        self.minutes = minutes

    def read(self, size: int | None = -1) -> bytes:
        self.minutes.enter_context(clock.at(clock.now() + dt.timedelta(minutes=19)))
        return super().read(size)


class TestSlowly:
    @pytest.fixture(autouse=True)
    def told_at_once(self, monkeypatch) -> None:
        monkeypatch.setattr(uploads, "STAY_SECONDS", -1)

    def test_a_form_does_not_end_while_its_files_come(self, reporter: Reporter) -> None:
        page = reporter.walk("files")
        token = page.soup.select_one("form[enctype] input[name=csrf_token]")["value"]
        assert self.send(reporter, reporter.address("files"), token) == 303
        assert len(kept()) == 1

    def test_nor_does_an_opened_report(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.get("/track/write")
        token = page.soup.select_one("form[enctype] input[name=csrf_token]")["value"]
        assert self.send(reporter, "/track/write", token) == 303
        assert len(kept()) == 1

    def send(self, reporter: Reporter, address: str, token: str) -> int:
        head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
        body = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'.encode()
        body += b'--b\r\nContent-Disposition: form-data; name="go"\r\n\r\nupload\r\n'
        body += head + PNG * 10 + b"\r\n--b--\r\n"
        with ExitStack() as minutes:
            answer = reporter.visitor.client.post(
                address,
                input_stream=SlowBody(body, minutes),
                content_length=len(body),
                content_type="multipart/form-data; boundary=b",
            )
            assert clock.now() > MONDAY + dt.timedelta(hours=1)
        return answer.status_code


class TestTracking:
    def go_back(self, reporter: Reporter, text: str, *files: tuple[str, bytes]) -> Page:
        """Press the button at the top of the page to write on."""
        page = reporter.visitor.get("/track/write")
        token = page.soup.select_one("form[enctype] input[name=csrf_token]")["value"]
        data = {"csrf_token": token, "text": text, "go": "back", "files": chosen(*files)}
        assert page.soup.select_one("button[form=write][value=back]")
        return reporter.visitor.post("/track/write", data, content_type="multipart/form-data")

    def test_going_back_keeps_words_and_files_and_says_that_they_wait(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = self.go_back(reporter, "写到一半", ("a.png", PNG))
        assert page.h1 == "办理进度：已收到"
        assert "您有一份补充还没有送出" in page.text
        page = reporter.visitor.get("/track/write")
        assert (words(page.soup.select_one("#text")), names(page)) == ("写到一半", ["a.png"])
        page = reporter.visitor.submit(page, "提交补充")
        assert "您有一份补充还没有送出" not in page.text

    def test_going_back_from_an_empty_page_says_nothing_of_it(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        assert "还没有送出" not in self.go_back(reporter, "").text

    def test_going_back_after_the_visit_ended_asks_for_the_code_and_for_nothing_else(
        self, reporter: Reporter
    ) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.get("/track/write")
        token = page.soup.select_one("form[enctype] input[name=csrf_token]")["value"]
        reporter.visitor.client.delete_cookie("w_track", path="/track")
        data = {"csrf_token": token, "text": "", "go": "back"}
        page = reporter.visitor.post("/track/write", data, content_type="multipart/form-data")
        assert page.h1 == "输入查询码"

    def test_an_answer_begun_beside_the_question_goes_along_to_the_page_for_files(
        self, street: Street
    ) -> None:
        filed = street.office.file()
        street.office.classify(filed.case)
        street.office.act(filed.case, "request_supplement", "intake", message="哪天去的？")
        somebody = street.somebody()
        page = somebody.visitor.submit(somebody.look_up(filed.code), "要附照片", text="九月三日")
        assert words(page.soup.select_one("#text")) == "九月三日"
        somebody.visitor.submit(page, "上传", text="九月三日上午", files=chosen(("a.png", PNG)))
        page = somebody.visitor.get("/track/report")
        assert words(page.soup.select_one("#text")) == "九月三日上午"
        assert "会一起送出的文件：a.png" in words(page.soup.select_one("main section"))

    def test_files_and_words_go_as_one_message(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.get("/track/write")
        page = reporter.visitor.submit(page, "上传", text="还有一张照片", files=chosen(("a.png", PNG)))
        assert (words(page.soup.select_one("#text")), names(page)) == ("还有一张照片", ["a.png"])
        page = reporter.visitor.submit(page, "提交补充")
        assert "您写的内容已经送到办理机关" in page.text
        assert names(page) == ["a.png"]
        assert Attachment.get().message is not None

    def test_sent_again_after_the_answer_was_lost_it_is_one_message_and_nothing_is_left_waiting(
        self, reporter: Reporter
    ) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.get("/track/write")
        for _ in range(2):
            shown = reporter.visitor.submit(page, "提交补充", text="见照片", files=chosen(("a.png", PNG)))
        assert shown.text.count("见照片") == 1
        assert "还没有送出" not in shown.text
        assert Attachment.select().count() == len(kept()) == 1

    def test_a_file_needs_no_words(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.submit(
            reporter.visitor.get("/track/write"), "提交补充", files=chosen(("a.png", PNG))
        )
        assert "（见文件）" in page.text

    def test_neither_words_nor_file_is_told(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.submit(reporter.visitor.get("/track/write"), "提交补充", 422)
        assert page.faults == ["请写下要补充的情况"]

    def test_a_refused_file_costs_no_word(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.get("/track/write")
        page = reporter.visitor.submit(
            page, "提交补充", 422, text="经过", files=chosen(("a.exe", b"MZ\x90\0"))
        )
        assert "这种文件不能收" in page.faults[0]
        assert words(page.soup.select_one("#text")) == "经过"

    def test_after_the_visit_ended_the_words_stay_and_the_files_are_asked_for_again(
        self, reporter: Reporter
    ) -> None:
        code = reporter.report()
        reporter.look_up(code)
        page = reporter.visitor.get("/track/write")
        reporter.visitor.client.delete_cookie("w_track", path="/track")
        page = reporter.visitor.submit(page, "提交补充", 422, text="经过", files=chosen(("a.png", PNG)))
        assert "选过的文件没有送出" in page.faults[0]
        assert words(page.soup.select_one("#text")) == "经过"
        assert kept() == []
        page = reporter.visitor.submit(page, "打开以后再选文件", code=code)
        page = reporter.visitor.submit(page, "上传", files=chosen(("a.png", PNG)))
        assert (words(page.soup.select_one("#text")), names(page)) == ("经过", ["a.png"])

    def test_files_that_had_come_before_it_ended_are_said_to_be_gone(self, reporter: Reporter) -> None:
        code = reporter.report()
        reporter.look_up(code)
        page = reporter.visitor.get("/track/write")
        page = reporter.visitor.submit(page, "上传", text="经过", files=chosen(("a.png", PNG)))
        reporter.visitor.client.delete_cookie("w_track", path="/track")
        page = reporter.visitor.submit(page, "提交补充", 422)
        assert "选过的文件没有送出" in page.faults[0]

    def test_where_there_were_files_alone_the_code_is_asked_for_too(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.get("/track/write")
        reporter.visitor.client.delete_cookie("w_track", path="/track")
        page = reporter.visitor.submit(page, "提交补充", 422, files=chosen(("a.png", PNG)))
        assert "选过的文件没有送出" in page.faults[0]
        assert page.soup.select("#code")

    def test_a_wrong_code_at_that_page_is_told_and_costs_no_word(self, reporter: Reporter) -> None:
        reporter.look_up(reporter.report())
        page = reporter.visitor.get("/track/write")
        reporter.visitor.client.delete_cookie("w_track", path="/track")
        page = reporter.visitor.submit(page, "提交补充", 422, text="经过")
        page = reporter.visitor.submit(page, "打开以后再选文件", 422, code="1234")
        assert len(page.faults) == 1
        assert words(page.soup.select_one("#text")) == "经过"
