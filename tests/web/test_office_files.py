"""A report's files on officers' pages and in their frames: what is shown, what a browser is told and may ask for."""

import pytest
from werkzeug.test import TestResponse

from tests import samples
from tests.builders import Filed, attach
from tests.visiting import Page, Visitor, words
from tests.web.officers import Desks
from tests.web.test_query_budgets import counted
from whistle.rules.attachments import BY_NAME, download_name
from whistle.services import tracking
from whistle.store import files
from whistle.store.attachments import Attachment
from whistle.web.security_headers import FRAMES

TEXT = "那天上午的经过".encode()
#: A file of each kind of frame, by what its content is.
KINDS = {
    "照片.jpg": samples.photo(),
    "录音.wav": samples.sound(1),
    "视频.webm": b"\x1aE\xdf\xa3" + bytes(400),
    "说明.pdf": samples.pdf(1),
    "utf8.txt": TEXT,
    "gb.txt": TEXT.decode().encode("gb18030"),
    "page.html": b"<script>alert(1)</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "材料.zip": samples.archive(),
}
MEDIA = {
    "照片.jpg": "image/jpeg",
    "录音.wav": "audio/wav",
    "视频.webm": "video/webm",
    "说明.pdf": "application/pdf",
    "utf8.txt": "text/plain; charset=utf-8",
    "gb.txt": "text/plain; charset=gb18030",
    "page.html": "text/plain; charset=utf-8",
    "drawing.svg": "text/plain; charset=utf-8",
}


def listed(page: Page) -> list[str]:
    return [words(item) for item in page.soup.select(".files li")]


def download_of(page: Page) -> str:
    return page.link("下载")


def frame_of(page: Page) -> str:
    return download_of(page).removesuffix("/download")


@pytest.fixture
def filed(desks: Desks) -> Filed:
    return desks.office.file(files=KINDS)


@pytest.fixture
def intake(desks: Desks) -> Visitor:
    return desks.sit("intake")


def test_the_files_of_a_report_stand_below_its_answers_and_those_of_a_letter_with_it(desks: Desks) -> None:
    filed = desks.office.assigned(files={"照片.jpg": samples.photo(), "经过.jpg": TEXT})
    secret = desks.office.visit(filed)
    attach(secret, "track", {"后来.txt": TEXT})
    tracking.write(secret, "见文件", "form-1")
    officer = desks.sit("officer")
    facts = officer.get(desks.url(filed))
    assert listed(facts)[0].startswith("照片.jpg 图片")
    assert "名称与内容不符" in listed(facts)[1]
    assert len(listed(facts)) == 2
    assert facts.text.count("未经病毒检查") == 1
    letters = officer.get(desks.url(filed, "/messages"))
    assert [words(item) for item in letters.soup.select(".message .files .name")] == ["后来.txt"]
    page = officer.get(letters.link("后来.txt"))
    assert "没有经过病毒检查" in page.text
    assert officer.get(page.link("上一个文件")).soup.h2 is not None
    assert not page.soup.select("a[rel=next]")


def test_files_are_counted_in_the_order_in_which_they_came(desks: Desks) -> None:
    filed = desks.office.assigned(files={"0.txt": TEXT})
    for number in range(1, 6):  # letters have random ids
        secret = desks.office.visit(filed)
        attach(secret, "track", {f"{number}.txt": TEXT})
        tracking.write(secret, "见文件", f"form-{number}")
    officer = desks.sit("officer")
    page = officer.get(officer.get(desks.url(filed)).link("0.txt"))
    for number in range(1, 6):
        page = officer.get(page.link("下一个文件"))
        assert words(page.soup.h2) == f"{number}.txt"
        assert f"第{number + 1}个文件，共6个" in page.text


def test_a_file_that_was_taken_out_of_the_store_is_said_to_be_lost(
    desks: Desks, filed: Filed, intake: Visitor
) -> None:
    files.store().delete(Attachment.get().id)
    facts = intake.get(desks.url(filed))
    [lost] = [item for item in facts.soup.select(".files li") if "文件丢失" in item.text]
    page = intake.get(str(lost.a["href"]))
    assert "从备份里找回" in page.text
    assert not page.soup.select("iframe, a[href*=sealed]")


def test_a_frame_has_no_origin_and_only_its_page_may_have_frames(
    desks: Desks, filed: Filed, intake: Visitor
) -> None:
    facts = intake.get(desks.url(filed))
    assert "frame-src" not in facts.response.headers["Content-Security-Policy"]
    for name in KINDS:
        page = intake.get(facts.link(name))
        assert "frame-src 'self'" in page.response.headers["Content-Security-Policy"]
        frames = page.soup.select("iframe")
        assert [" ".join(frame["sandbox"]) for frame in frames] == (
            [] if name not in MEDIA else ["allow-scripts" if name.endswith(".pdf") else ""]
        )
    assert not any("allow-same-origin" in policy for policy in FRAMES.values())


def test_each_kind_is_sent_as_what_its_content_is_and_nothing_in_it_may_run(
    desks: Desks, filed: Filed, intake: Visitor
) -> None:
    facts = intake.get(desks.url(filed))
    stranger = Visitor(desks.app)  # no cookie: a frame without an origin is sent none
    for name, media in MEDIA.items():
        frame = frame_of(intake.get(facts.link(name)))
        is_text = media.startswith("text/")
        around = stranger.client.get(frame) if is_text else stranger.get(frame).response
        policy = around.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox allow-scripts; " if name.endswith(".pdf") else "sandbox; ")
        assert ("script-src" in policy) == name.endswith(".pdf")
        for answer in (around, stranger.client.get(f"{frame}/content")):
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "Set-Cookie" not in answer.headers
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'; ")
        assert answer.headers["Content-Type"] == media
        assert answer.headers["Content-Disposition"] == "attachment", "opened by itself no program shows it"
        assert answer.data == KINDS[name]
        assert (around.data == KINDS[name]) == is_text


def test_what_is_not_shown_is_sent_to_be_kept_alone(desks: Desks, filed: Filed, intake: Visitor) -> None:
    page = intake.get(intake.get(desks.url(filed)).link("材料.zip"))
    assert "只能下载" in page.text
    for part in ("", "/content"):
        assert intake.client.get(frame_of(page) + part).status_code == 404
    answer = intake.client.get(download_of(page))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E6%9D%90%E6%96%99.zip"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.data == samples.archive()


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("报告.pdf", "pdf", "报告.pdf"),
        ("报告.pdf", "text", "报告.pdf.txt"),
        ("photo", "jpeg", "photo.jpg"),
        ("账.xls", "ole", "账.xls"),
        ("发票.pdf.exe", "pdf", "发票.pdf.exe.pdf"),
        ("page.html", "text", "page.html.txt"),
        ("../../etc/passwd", "text", "passwd.txt"),
        ('a";\r\nSet-Cookie: x.txt', "text", "aSet-Cookie x.txt"),
        ("\u202efdp.exe", "pdf", "fdp.exe.pdf"),
        ("...", "png", "附件1.png"),
    ],
)
def test_a_download_ends_as_its_content_says_and_leads_nowhere_else(name: str, kind: str, kept: str) -> None:
    assert download_name(name, BY_NAME[kind]).replace(";", "") == kept


SIZE = len(KINDS["录音.wav"])


@pytest.mark.parametrize(
    ("wanted", "status", "start", "stop"),
    [
        ("bytes=0-", 206, 0, SIZE),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=100-199", 206, 100, 200),
        (f"bytes={SIZE - 1}-", 206, SIZE - 1, SIZE),
        (f"bytes=100-{SIZE + 900}", 206, 100, SIZE),
        ("bytes=-5", 206, SIZE - 5, SIZE),
        (f"bytes=-{SIZE + 1}", 206, 0, SIZE),
        (f"bytes={SIZE}-", 416, 0, 0),
        ("bytes=9-3", 200, 0, SIZE),
        ("bytes=0-1,5-6", 200, 0, SIZE),
        ("lines=0-1", 200, 0, SIZE),
        ("bytes=x", 200, 0, SIZE),
    ],
)
def test_a_part_is_sent_to_whoever_asks_for_one(
    desks: Desks, wanted: str, status: int, start: int, stop: int
) -> None:
    filed = desks.office.file(files={"录音.wav": KINDS["录音.wav"]})
    intake = desks.sit("intake")
    page = intake.get(intake.get(desks.url(filed)).link("录音.wav"))
    answer = intake.client.get(f"{frame_of(page)}/content", headers={"Range": wanted})
    assert answer.status_code == status
    assert answer.data == KINDS["录音.wav"][start:stop]
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    if status == 416:
        assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
    if status != 416:
        assert answer.headers["Content-Length"] == str(stop - start)
        assert answer.headers["Accept-Ranges"] == "bytes"


def test_after_signing_out_a_frame_is_as_if_it_had_never_been(desks: Desks, filed: Filed) -> None:
    intake = desks.sit("intake")
    page = intake.get(intake.get(desks.url(filed)).link("utf8.txt"))
    frame = frame_of(page)
    intake.submit(page, "退出")
    for part in ("", "/content", "/download"):
        gone: TestResponse = intake.get(f"{frame}{part}", 404).response
        never = intake.get(f"/sealed/{'x' * 32}{part}", 404).response
        assert gone.data == never.data
        assert dict(gone.headers) == dict(never.headers)


def test_a_case_with_ten_files_asks_the_database_no_more_than_one_with_one(desks: Desks) -> None:
    one = desks.office.file(files={"1.txt": b"1"})
    ten = desks.office.file(files={f"{n}.txt": f"{n}".encode() for n in range(1, 11)})
    intake = desks.sit("intake")
    asked = []
    for filed in (one, ten):
        facts = intake.get(desks.url(filed))
        for address in (desks.url(filed), facts.link("1.txt")):
            with counted() as seen:
                intake.get(address)
            asked.append(len(seen))
    assert asked[:2] == asked[2:]
    assert asked[1] <= 82
