"""A reporter in a flood: slowed at most, and no word is lost; the page of those who wait sends it again."""

import io
import itertools
import json
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.visiting import Page
from tests.web.floods import HERE, used_up
from tests.web.reporters import Reporter, Street, code_on, reports
from whistle import clock
from whistle.config import ROOT
from whistle.services import limits
from whistle.services.errors import Slowed
from whistle.services.visits import LIFETIMES
from whistle.web import uploads

#: The beginning of a file in a form, and of more of them than any form has.
CUT = b'Content-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n\x89PNG\r\n\x1a\n'
CUT_BY_PARTS = b"".join(b"--b\r\n" + CUT + b"\r\n" for _ in range(100))


def press_again(reporter: Reporter, waiting: Page, elapse: Callable[[], None]) -> Page:
    """What the page says, and the answer once there is room again."""
    assert waiting.h1 == "正在排队，请稍等"
    assert waiting.form("再提交一次")["data-again"] == waiting.response.headers["Retry-After"]
    again = reporter.visitor.submit(waiting, "再提交一次", 429)
    elapse()
    return reporter.visitor.submit(again, "再提交一次")


def test_a_slowed_report_is_kept_and_sent_once(reporter: Reporter) -> None:
    page = reporter.walk()
    used_up("send", reporter.token)
    waiting = reporter.visitor.submit(page, "提交举报", 429)
    assert reports() == 0
    receipt = press_again(reporter, waiting, limits.begin_anew)
    assert len(code_on(receipt)) == 24
    assert reports() == 1


def test_a_form_does_not_end_while_it_waits(reporter: Reporter) -> None:
    page = reporter.walk()
    used_up("send", reporter.token)
    half = LIFETIMES["draft"] * 0.6
    with clock.at(clock.now() + half):
        used_up("send", reporter.token)
        waiting = reporter.visitor.submit(page, "提交举报", 429)
        limits.begin_anew()
        with clock.at(clock.now() + half):
            assert len(code_on(reporter.visitor.submit(waiting, "再提交一次"))) == 24


def test_a_slowed_start_begins_when_there_is_room(reporter: Reporter) -> None:
    page = reporter.visitor.get(reporter.address())
    used_up("begin", reporter.token)
    waiting = reporter.visitor.submit(page, "开始", 429)
    assert press_again(reporter, waiting, limits.begin_anew).h1 != waiting.h1


def test_words_typed_into_a_form_that_ended_wait_on_the_page(reporter: Reporter) -> None:
    page = reporter.walk("story")
    reporter.visitor.client.delete_cookie("w_draft", path=f"/r/{reporter.token}")
    used_up("begin", reporter.token)
    waiting = reporter.visitor.submit(page, "继续", 429, story="写了很久" * 10)
    assert "写了很久" * 10 in waiting.text
    press_again(reporter, waiting, limits.begin_anew)
    assert "写了很久" * 10 in reporter.visitor.get(reporter.address("check")).text


def test_a_page_of_the_form_that_is_slowed_waits_with_its_words(reporter: Reporter) -> None:
    page = reporter.walk("story")
    used_up("answer", reporter.token)
    waiting = reporter.visitor.submit(page, "继续", 429, story="写了很久" * 10)
    assert "写了很久" * 10 in waiting.text
    press_again(reporter, waiting, limits.begin_anew)
    assert "写了很久" * 10 in reporter.visitor.get(reporter.address("check")).text


def test_a_slowed_message_waits_with_its_words(reporter: Reporter) -> None:
    reporter.look_up(reporter.report())
    page = reporter.visitor.get("/track/write")
    used_up("message")
    waiting = reporter.visitor.submit(page, "提交补充", 429, text="第二次去还是没有人")
    assert "第二次去还是没有人" in press_again(reporter, waiting, limits.begin_anew).text


def test_a_flood_slows_nobody_who_comes_from_elsewhere(street: Street) -> None:
    used_up("begin", street.office.token)
    used_up("send", street.office.token)
    reporter = street.somebody()
    reporter.visitor.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert len(reporter.report()) == 24


#: Four seconds of wrong codes from fifty networks, more than one processor core can hash, at a real server.
STATED = """
import json
import tempfile
from pathlib import Path
from benchmarks import instance
from benchmarks.flood import Flood, measure
with tempfile.TemporaryDirectory() as folder:
    office = instance.make(Path(folder) / "office")
    print(json.dumps(measure(office, %d, 4.0, (Flood("stated", 100, 50),))["stated"]))
"""


def test_a_stated_flood_of_wrong_codes_keeps_no_right_one_and_no_page_out() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ran = subprocess.run(
        [sys.executable, "-c", STATED % port], cwd=ROOT, stdout=subprocess.PIPE, timeout=90, check=True
    )
    figures = json.loads(ran.stdout)
    assert figures["hashed"] > 0, "wrong codes are answered, too"
    assert figures["opened"] >= 1, "while the flood went on"
    assert figures["front_page_p95_ms"] > 0, "it was answered"


def test_each_try_of_a_code_counts_and_a_mistyped_one_does_too(reporter: Reporter) -> None:
    for _ in range(3):
        reporter.visitor.submit(reporter.visitor.get("/track"), "查询", 422, code="1234")
    assert limits.rank("track", HERE) == 3


def test_files_beyond_the_budget_are_not_read_and_what_is_there_stays(reporter: Reporter) -> None:
    page = reporter.walk("files")
    used_up("upload", reporter.token)
    token = page.soup.select_one("[name=csrf_token]")["value"]
    sent = {"csrf_token": token, "files": (io.BytesIO(b"words"), "a.txt")}
    told = reporter.visitor.post(page.response.request.path, sent, 503)
    assert told.response.headers["Retry-After"]
    assert reporter.visitor.get(reporter.address("check")).h1


def test_a_length_that_is_only_said_uses_up_nothing(reporter: Reporter) -> None:
    """One line of a header, and no byte of a file, would have been charged as the whole hour of everybody."""
    path = reporter.walk("files").response.request.path
    told = reporter.visitor.client.post(
        path,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(10**13), "REMOTE_ADDR": "198.51.100.7"},
    )
    assert told.status_code == 413
    limits.take("upload", HERE, reporter.token, 500)


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"", 400), (b"--b\r\n" + CUT, 400), (b"--b\r\nno head\r\n\r\n", 400), (CUT_BY_PARTS, 413)],
    ids=["nothing", "cut off", "no form", "too many parts"],
)
def test_what_was_said_and_did_not_come_is_given_back(reporter: Reporter, sent: bytes, status: int) -> None:
    """Thirteen headers, and no byte of a file, shut uploads off for everybody behind their address."""
    path = reporter.walk("files").response.request.path
    for _ in range(13):
        told = reporter.visitor.client.post(
            path,
            input_stream=io.BytesIO(sent),
            environ_overrides={"CONTENT_LENGTH": "500000000"},
            content_type="multipart/form-data; boundary=b",
        )
        assert told.status_code == status
    row = limits.BY_NAME["upload"]
    assert row.client is not None
    limits.take("upload", HERE, reporter.token, row.client.count - 13 * -(-len(sent) // 1_000_000))


def test_what_came_is_charged_and_what_is_cut_off_as_slow_gives_back_the_rest(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = reporter.walk("files").response.request.path
    seconds = itertools.count(0, 1_000)
    with monkeypatch.context() as patched:
        patched.setattr(uploads.time, "monotonic", lambda: next(seconds))
        told = reporter.visitor.client.post(
            path,
            input_stream=io.BytesIO(b"--b\r\n" + CUT + b"x" * 3_000_000),
            environ_overrides={"CONTENT_LENGTH": "500000000"},
            content_type="multipart/form-data; boundary=b",
        )
    assert told.status_code == 408
    row = limits.BY_NAME["upload"]
    assert row.client is not None
    with pytest.raises(Slowed):
        limits.take("upload", HERE, reporter.token, row.client.count)
    limits.take("upload", HERE, reporter.token, row.client.count - 5)


def test_the_buttons_beside_files_are_pages_of_the_form_too(reporter: Reporter) -> None:
    """Each writes to the database, and a flood of them had no end."""
    page = reporter.visitor.submit(reporter.walk("files"), "上传", files=[(io.BytesIO(b"words"), "张三.txt")])
    token = page.soup.select_one("[name=csrf_token]")["value"]
    used_up("answer", reporter.token)
    waiting = reporter.visitor.post(reporter.address("files"), {"csrf_token": token, "go": "rename"}, 429)
    assert "附件1.txt" in press_again(reporter, waiting, limits.begin_anew).text
