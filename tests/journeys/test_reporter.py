"""The reporter's journeys in a real browser, on a phone of 360 pixels without scripts: scan, report, follow."""

import contextvars
import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Route, expect

from tests.browser import Surfer
from tests.journeys.reporter import Reporter
from tests.web.floods import used_up
from tests.web.reporters import Street, street  # noqa: F401 - a fixture
from whistle.services import accounts, channels, limits
from whistle.store.channels import Channel

Phone = Callable[..., Reporter]


@pytest.fixture
def app(street: Street) -> Flask:  # noqa: F811
    """The trial office is what the browser sees."""
    return street.app


@pytest.fixture
def phone(street: Street, new_surfer: Callable[..., Surfer]) -> Phone:  # noqa: F811
    """Phones in the street: `phone(javascript=True)`."""

    def pick_up(**more: object) -> Reporter:
        settings: dict = {"javascript": False, "width": 360, **more}
        return Reporter(new_surfer(**settings), street.office.token)

    return pick_up


def test_from_the_scan_to_the_receipt_and_back_with_the_code(phone: Phone) -> None:
    reporter = phone().scan()
    assert "5个工作日内" in reporter.says
    reporter.press("开始").answer()
    assert "窗口让我跑了四趟" in reporter.says
    reporter.send()
    assert "只显示这一次" in reporter.says
    reporter.look_up()
    assert reporter.heading == "办理进度：已收到"
    reporter.follow("补充情况").fill(text="我又想起来了，当时有录音。").press("提交补充")
    assert "您写的内容已经送到办理机关。" in reporter.says
    reporter.press("结束查看")
    assert reporter.heading == "输入查询码"


def test_every_page_is_without_fault_at_every_width(phone: Phone) -> None:
    reporter = phone(javascript=True).scan().look("channel").press("开始").look("kind")
    reporter.press("继续").look("kind-faults")
    reporter.choose("检举控告").press("继续").look("problem").choose("办得慢").press("继续").look("where")
    reporter.window.page.locator("[name=unit]").select_option("unknown")
    reporter.press("继续").look("story").fill(story="发生的事").press("继续").look("people")
    reporter.press("继续").look("files").attach("窗口.png", "录像.exe").press("上传").look("files-came")
    reporter.press("继续").look("readers").choose("反映的是本机关（纪委监委）的工作人员").look("readers-own")
    reporter.press("继续").look("identity").choose("实名").look("identity-named")
    reporter.press("继续").look("identity-faults").fill(name="王芳", contact="13800000000")
    reporter.press("继续").look("check").send().look("receipt")
    reporter.look_up("1234").look("code-faults").look_up().look("report")
    for words, name in (("补充情况", "write"), ("申请某人回避", "recuse"), ("申请撤回", "withdraw")):
        reporter.follow(words).look(name)
        leave = reporter.press if name == "write" else reporter.follow
        leave("返回")


def test_without_scripts_files_come_are_renamed_and_go_along(phone: Phone) -> None:
    reporter = phone().start()
    reporter.window.go(f"/r/{reporter.token}/files")
    reporter.attach("张三的工作证.png", "b.png").press("上传")
    reporter.press("把文件名都改成“附件1”“附件2”")
    assert "附件1.png" in reporter.says
    assert "张三" not in reporter.says
    reporter.press("删除“附件2.png”")
    reporter.window.go(f"/r/{reporter.token}/kind")
    reporter.answer().send().look_up()
    reporter.follow("补充情况").fill(text="又拍了一张").attach("c.png").press("上传")
    assert reporter.window.page.locator("[name=text]").input_value() == "又拍了一张"
    reporter.press("提交补充")
    assert "c.png" in reporter.says


def test_with_scripts_a_bar_shows_how_far_a_file_has_come(phone: Phone) -> None:
    reporter = phone(javascript=True).start()
    reporter.window.go(f"/r/{reporter.token}/files")
    page = reporter.window.page
    page.route(
        "**/files", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    reporter.attach("a.png")
    page.get_by_role("button", name="上传", exact=True).click()
    page.get_by_text("没有传上去").wait_for()
    assert not page.locator("progress").is_visible()
    assert not page.get_by_role("button", name="停止上传").is_visible()
    reporter.window.complaints.clear()  # the browser's own, of the network that was cut
    page.unroute("**/files")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        reporter.press("上传")
    assert sent.value.resource_type == "xhr"
    assert "a.png" in reporter.says


@pytest.mark.parametrize(
    ("status", "told"),
    [(413, "请少选几个"), (429, "请过半分钟"), (503, "请过半分钟"), (408, "传得太慢"), (502, "请过一会儿")],
)
def test_with_scripts_an_upload_that_is_turned_away_costs_neither_words_nor_files(
    phone: Phone, status: int, told: str
) -> None:
    reporter = phone(javascript=True).start().answer().send().look_up().follow("补充情况")
    page = reporter.window.page

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=status, body="<h1>nginx</h1>", content_type="text/html")
        else:
            route.continue_()

    page.route("**/track/write", refuse)
    reporter.fill(text="写了很久").attach("a.png")
    page.get_by_role("button", name="上传", exact=True).click()
    page.get_by_text(told).wait_for()
    assert page.locator("[name=text]").input_value() == "写了很久"
    page.unroute("**/track/write")
    reporter.press("上传")
    assert page.locator("[name=text]").input_value() == "写了很久"
    assert "a.png" in reporter.says


def test_without_scripts_words_beside_files_that_were_turned_away_come_back_with_the_browsers_button(
    phone: Phone,
) -> None:
    """No page has them, as the form was not read; the page that says so promises this."""
    reporter = phone(javascript=False).start().answer().send().look_up().follow("补充情况")
    page = reporter.window.page
    reporter.fill(text="写了很久").attach(*(f"{number}.png" for number in range(70)), size=20)
    reporter.window.click(page.get_by_role("button", name="提交补充", exact=True).last)
    assert reporter.window.status == 413
    assert "用浏览器的“返回”回到上一页" in reporter.says
    page.go_back()
    assert page.locator("[name=text]").input_value() == "写了很久"


def test_with_scripts_nothing_is_written_on_a_page_that_is_about_to_go(phone: Phone) -> None:
    reporter = phone(javascript=True).start().answer().send().look_up().follow("补充情况")
    page = reporter.window.page
    text, held = page.locator("[name=text]"), []
    page.clock.install()
    page.route("**/track/write", lambda route: held.append(route))
    reporter.fill(text="写了很久").attach("a.png")
    page.get_by_role("button", name="上传", exact=True).click()
    expect(text).not_to_be_editable()
    page.clock.run_for(20_000)
    expect(page.locator("[data-progress] output")).to_have_text(re.compile("网络没有动静|正在等服务器"))
    held[0].abort()
    expect(text).to_be_editable()


def test_with_scripts_what_cannot_be_taken_is_left_out_before_it_costs_anything(phone: Phone) -> None:
    reporter = phone(javascript=True).start()
    reporter.window.go(f"/r/{reporter.token}/files")
    page = reporter.window.page
    page.locator("form[data-upload]").evaluate("form => { form.dataset.most = 20_000; }")
    sizes = {"大.png": 30_000, **{f"{number}.png": 100 + number for number in range(11)}}
    page.locator("input[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(size)}
            for name, size in sizes.items()
        ]
    )
    page.get_by_text("没有选上，超过50 MB，请剪短或者压缩以后再选：大.png").wait_for()
    page.get_by_text("没有选上，最多还能加10个：10.png").wait_for()
    assert not page.locator("progress").is_visible()
    reporter.press("上传")
    assert page.locator(".files .name").all_inner_texts() == [f"{number}.png" for number in range(10)]


def test_a_browser_that_tells_not_which_button_it_was_does_what_the_button_says(phone: Phone) -> None:
    """Before Chromium 112 the data of a form have no button in them."""
    reporter = phone(javascript=True).start()
    page = reporter.window.page
    page.add_init_script("const Own = FormData; window.FormData = function (form) { return new Own(form); };")
    reporter.window.go(f"/r/{reporter.token}/files")
    reporter.attach("a.png").press("上传")
    assert reporter.heading.startswith("有照片、录音或者文件吗？")


def test_pages_for_what_is_over_or_cannot_be_taken(street: Street, phone: Phone) -> None:  # noqa: F811
    reporter = phone(javascript=True)
    for page, heading in (("story", "这里没有正在填的内容"), ("receipt", "这里没有可以显示的查询码")):
        reporter.window.go(f"/r/{reporter.token}/{page}", 410)
        assert reporter.look(f"gone-{page}", 410).heading == heading
    accounts.deactivate(street.office["admin"], street.office["oversight2"].person_id)
    reporter.start()
    reporter.window.go(f"/r/{reporter.token}/readers")
    reporter.choose("反映的是本机关（纪委监委）的工作人员").press("继续").look("for-nobody", 409)


def test_in_a_flood_the_report_goes_by_itself_when_its_turn_comes(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter = phone(javascript=True).start().answer()
    contextvars.Context().run(used_up, "send", reporter.token)  # on the server's day, not the test's
    reporter.press("提交举报").look("waiting", 429)
    assert "不用守着" in reporter.says
    monkeypatch.setattr(limits, "LONGEST_WAIT", 1)
    reporter.press("再提交一次")
    limits.begin_anew()
    reporter.window.page.wait_for_url("**/receipt")
    assert "只显示这一次" in reporter.says


def test_the_browsers_own_back_and_forward_keep_every_answer(phone: Phone) -> None:
    reporter = phone().start().answer()
    for _ in range(4):
        reporter.back()
    assert reporter.window.page.locator("[name=people]").input_value() == "戴眼镜的男同志"
    reporter.back()
    assert "窗口让我跑了四趟" in reporter.window.page.locator("[name=story]").input_value()
    reporter.fill(story="换了一种说法").press("继续").forward()
    reporter.window.go(f"/r/{reporter.token}/check")
    assert "换了一种说法" in reporter.says
    assert "戴眼镜的男同志" in reporter.says


def test_back_after_the_receipt_shows_no_code_and_makes_no_second_report(phone: Phone) -> None:
    reporter = phone().start().answer().send()
    reporter.back()
    assert reporter.heading == "这里没有正在填的内容"
    reporter.forward()
    assert reporter.heading == "这里没有可以显示的查询码"
    assert reporter.code not in reporter.says


def test_the_name_is_asked_for_only_when_one_wants_to_give_it(phone: Phone) -> None:
    reporter = phone().start().answer(identity="匿名")
    reporter.window.go(f"/r/{reporter.token}/identity")
    name = reporter.window.page.locator("[name=name]")
    assert not name.is_visible()
    reporter.choose("实名")
    assert name.is_visible()


def test_the_language_changes_with_the_words_still_there(phone: Phone) -> None:
    reporter = phone().start()
    reporter.window.go(f"/r/{reporter.token}/story")
    reporter.fill(story="写到一半").press("English")
    assert reporter.window.page.get_attribute("html", "lang") == "en"
    assert reporter.window.page.locator("[name=story]").input_value() == "写到一半"


def test_the_enter_key_in_a_line_goes_on(phone: Phone) -> None:
    reporter = phone().start()
    reporter.window.go(f"/r/{reporter.token}/where")
    reporter.window.page.locator("[name=unit]").select_option("unknown")
    reporter.window.page.locator("[name=happened_on]").focus()
    reporter.window.strike("Enter")
    assert reporter.heading == "发生了什么？"


def test_the_keyboard_alone_is_enough(phone: Phone) -> None:
    reporter = phone().start()
    page = reporter.window.page
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "kind":
            break
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "继续"
    reporter.window.strike("Enter")
    assert reporter.heading == "是哪一类问题？"


def test_cookies_that_are_off_are_told_at_once(phone: Phone) -> None:
    reporter = phone().scan()
    reporter.window.page.context.clear_cookies()
    reporter.press("开始").look("cookies")
    assert reporter.heading == "请先允许保存Cookie"


def test_leaving_at_once_forgets_the_draft(
    phone: Phone, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whistle.web.public.leave.NEUTRAL", f"{served}/healthz")
    reporter = phone().start().answer().follow("快速离开")
    assert reporter.window.page.url == f"{served}/healthz"
    reporter.back()
    assert reporter.heading == "这里没有正在填的内容"


def test_a_check_page_left_open_while_the_draft_went_says_that_nothing_was_sent(phone: Phone) -> None:
    reporter = phone(javascript=True).start().answer()
    reporter.window.page.context.clear_cookies(name="w_draft")
    assert reporter.press("提交举报").look("not-sent", 410).heading == "这份举报没有提交"
    assert reporter.press("重新开始").heading == "您想反映什么？"


def test_to_start_anew_is_asked_once_more_without_a_script(phone: Phone) -> None:
    reporter = phone().start().answer().scan().look("resume")
    anew = reporter.window.page.get_by_role("button", name="删去填过的内容，重新开始")
    assert not anew.is_visible()
    reporter.window.page.locator("summary", has_text="重新开始").click()
    reporter.window.click(anew)
    assert reporter.heading == "您想反映什么？"


def test_the_browsers_back_after_a_refused_page_finds_that_page(phone: Phone) -> None:
    reporter = phone().start()
    reporter.window.go(f"/r/{reporter.token}/where")
    reporter.fill(happened_on="2026年2月30日").press("继续")
    assert reporter.window.page.locator("[name=happened_on]").input_value() == "2026年2月30日"
    assert reporter.window.page.evaluate("document.activeElement.id") == "faults"
    reporter.window.page.locator("[name=unit]").select_option("unknown")
    reporter.fill(happened_on="2026年2月3日").press("继续").back()
    assert reporter.heading == "是哪个单位，什么时候？"


def test_with_scripts_the_code_is_copied_with_one_touch(phone: Phone) -> None:
    reporter = phone(javascript=True, permissions=["clipboard-read", "clipboard-write"])
    reporter.start().answer().send()
    reporter.window.page.get_by_role("button", name="复制").click()
    reporter.window.page.get_by_role("button", name="已复制").wait_for()
    assert reporter.window.page.evaluate("navigator.clipboard.readText()") == reporter.code


def test_the_printed_receipt_holds_the_code_and_no_buttons(phone: Phone) -> None:
    reporter = phone().start().answer().send()
    page = reporter.window.page
    page.emulate_media(media="print")
    assert page.locator(".big-code").is_visible()
    assert page.locator(".qr").is_visible()
    assert not page.get_by_role("link", name="存为文本").is_visible()


def test_a_suspended_poster_leads_to_one_that_works(street: Street, phone: Phone) -> None:  # noqa: F811
    other = channels.make(street.office["admin"], "西门", "QY01", 1, place="西门岗亭")
    reporter = phone()
    channels.suspend(street.office["admin"], Channel.get(Channel.token == reporter.token).id)
    reporter.scan(404).look("suspended", 404).follow("清源区行政审批局")
    assert reporter.window.page.url.endswith(other.token)
