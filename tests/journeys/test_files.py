"""An officer looks at what reporters sent, each kind in its frame; what is hostile in it gets nowhere."""

import pytest
from playwright.sync_api import FrameLocator, expect

from tests import samples
from tests.journeys.officer import Officer
from tests.web.officers import Desks

TEXT = "那天上午九点，窗口没有人。\n" * 3


@pytest.fixture
def app(desks: Desks):
    """The trial office is what the browser sees."""
    return desks.app


def opened(officer: Officer, name: str) -> FrameLocator:
    """Open a file, and come so near that it is drawn: a frame below the screen's edge waits."""
    officer.follow(name)
    officer.page.locator("iframe").scroll_into_view_if_needed()
    return officer.page.frame_locator("iframe")


def seek(frame: FrameLocator, what: str, second: int) -> None:
    """Go to a place in a recording and find it there. Asked again and again: no event is told where no script may run."""
    medium = frame.locator(what)
    expect(medium).to_have_js_property("readyState", 4)
    medium.evaluate("(e, second) => { e.currentTime = second; }", second)
    expect(medium).to_have_js_property("seeking", False)
    expect(medium).to_have_js_property("currentTime", second)
    expect(medium).to_have_js_property("readyState", 4)


def test_every_kind_of_file_shows_in_its_frame(desks: Desks, new_surfer) -> None:
    filed = desks.office.file(
        files={
            "照片.jpg": samples.photo(),
            "录音.wav": samples.sound(),
            "说明.pdf": samples.pdf(),
            "utf8.txt": TEXT.encode(),
            "gb.txt": TEXT.encode("gb18030"),
            "材料.zip": samples.archive(),
        }
    )
    officer = Officer(new_surfer()).become("intake").visit(desks.url(filed), "case-with-files")
    frame = opened(officer, "照片.jpg")
    frame.locator("img").wait_for()
    assert frame.locator("img").evaluate("e => e.decode().then(() => e.naturalWidth)") == 1600
    officer.look("file-image").visit(desks.url(filed))

    frame = opened(officer, "录音.wav")
    seek(frame, "audio", 15)
    officer.look("file-audio").visit(desks.url(filed))

    frame = opened(officer, "说明.pdf")
    frame.locator("canvas").first.wait_for()
    assert frame.locator("output").inner_text() == "第1页，共3页"
    officer.look("file-pdf").visit(desks.url(filed))

    for name in ("utf8.txt", "gb.txt"):
        frame = opened(officer, name)
        assert "窗口没有人" in frame.locator("body").inner_text()
        officer.look(f"file-{name.partition('.')[0]}").visit(desks.url(filed))
    officer.follow("材料.zip").look("file-download")
    with officer.page.expect_download() as coming:
        officer.page.get_by_role("link", name="下载").click()
    assert coming.value.suggested_filename == "材料.zip"
    assert coming.value.path().read_bytes() == samples.archive()
