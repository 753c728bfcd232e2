"""An officer looks at what reporters sent, each kind in its frame; what is hostile in it gets nowhere."""

import pytest
from playwright.sync_api import Error, FrameLocator, expect

from tests import samples
from tests.journeys.officer import Officer
from tests.web.officers import Desks
from whistle.store import files
from whistle.store.attachments import Attachment

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
    """Go to a place in a recording and find it there; no event tells of it where no script may run."""
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
    expect(frame.locator(".page").first).to_contain_text("关于办事拖延的情况说明")
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


#: What somebody tries who got a script of their own to run in a frame; each must fail.
TRIES = {
    "has no origin": "() => origin",
    "reads no cookie": "() => document.cookie",
    "keeps nothing": "() => localStorage.length",
    "reads nothing of the page": "() => top.document.title",
    "leads the page nowhere": "() => { top.location = '/office/account'; }",
    "opens no window": "() => { if (open('/office/account') === null) throw 'refused'; }",
    "asks our pages nothing": "() => fetch('/healthz').then(r => r.status)",
    "asks the network nothing": "() => fetch('http://localhost:9/', {mode: 'no-cors'}).then(() => 'sent')",
    # In a task of the page's own: what a test evaluates is let through.
    "compiles no words": "() => new Promise((done, refused) => setTimeout("
    "() => { try { done(eval('1')); } catch (fault) { refused(fault); } }))",
}
#: What fails without a word.
SILENT_TRIES = """() => {
  navigator.sendBeacon('/healthz?beacon', 'x');
  new Image().src = '/healthz?image';
  const form = document.createElement('form');
  form.action = '/healthz?form';
  document.body.append(form);
  form.submit();
}"""


def test_a_page_sent_as_a_picture_is_shown_as_words_and_does_nothing(desks: Desks, new_surfer) -> None:
    filed = desks.office.file(files={"a.jpg": samples.HOSTILE_PAGE})
    officer = Officer(new_surfer()).become("intake").visit(desks.url(filed))
    assert "名称与内容不符" in officer.says
    asked: list[str] = []
    officer.page.on("request", lambda request: asked.append(request.url))
    frame = opened(officer, "a.jpg")
    assert "<script>document.title" in frame.locator("body").inner_text()
    title, address = officer.page.title(), officer.page.url
    officer.look("file-hostile")
    sealed = frame.locator("body").evaluate("() => document.URL")
    assert not any("from-a-file" in url or url.endswith("/office/account") for url in asked)
    officer.window.go(sealed.removeprefix(officer.window.address))  # and in a window of its own
    assert "<script>document.title" in officer.page.locator("body").inner_text()
    officer.page.go_back()
    assert (officer.page.title(), officer.page.url) == (title, address)


def test_a_script_that_took_over_the_pdf_reader_gets_nowhere(desks: Desks, new_surfer) -> None:
    filed = desks.office.file(files={"a.pdf": samples.pdf(1)})
    officer = Officer(new_surfer()).become("intake").visit(desks.url(filed))
    said: list[str] = []
    officer.page.on("dialog", lambda dialog: said.append(dialog.message))
    opened(officer, "a.pdf").locator("canvas").wait_for()
    address = officer.page.url
    frame = officer.page.frames[-1]
    got = {}
    for what, script in TRIES.items():
        try:
            got[what] = frame.evaluate(script)
        except Error:
            continue
    asked: list[str] = []
    officer.page.on("requestfinished", lambda request: asked.append(request.url))
    frame.evaluate(SILENT_TRIES)
    officer.page.wait_for_timeout(300)
    assert got == {"has no origin": "null"}
    assert not asked
    assert officer.page.url == address
    assert not said


def test_what_cannot_be_shown_is_said_in_words(desks: Desks, new_surfer) -> None:
    filed = desks.office.file(files={"坏的.pdf": samples.pdf(1)[:400], "后来.txt": TEXT.encode()})
    officer = Officer(new_surfer(locale="en")).become("intake").visit(desks.url(filed))
    frame = opened(officer, "坏的.pdf")
    expect(frame.get_by_role("alert")).to_contain_text("This PDF cannot be opened")
    officer.window.complaints.clear()
    officer.look("file-broken-pdf").visit(desks.url(filed)).follow("后来.txt")
    for row in Attachment.select():
        files.store().delete(row.id)
    officer.page.reload()
    officer.look("file-lost").visit(desks.url(filed), "case-file-lost")
    assert officer.says.count("File lost") == 2
