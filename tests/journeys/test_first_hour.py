"""The first hour of a stranger with the product: from the one link in the terminal to an answered own report."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.browser import Surfer
from tests.journeys.officer import Officer
from whistle.services import setup

pytestmark = pytest.mark.usefixtures("quick_passwords")


def _report(window: Surfer, story: str) -> str:
    """Fill in the form with one slip on the way, and write the receipt code down."""
    page = window.page
    window.click(page.get_by_role("button", name="开始"))
    window.click(page.get_by_role("button", name="继续").last)
    assert "请选择" in page.locator("#faults").inner_text()
    window.look("first-fault")
    page.get_by_label("检举控告").check()
    window.click(page.get_by_role("button", name="继续").last)
    page.get_by_label("办得慢").check()
    window.click(page.get_by_role("button", name="继续").last)
    page.get_by_label("单位", exact=True).select_option("unknown")
    window.click(page.get_by_role("button", name="继续").last)
    page.locator("textarea").first.fill(story)
    for _people_files_readers in range(3):
        window.click(page.get_by_role("button", name="继续").last)
    window.click(page.get_by_role("button", name="继续").last)
    page.locator("input[value=anonymous]").check()
    window.click(page.get_by_role("button", name="继续").last)
    assert story in page.locator("main").inner_text()
    window.click(page.get_by_role("button", name="提交举报"))
    shown = re.sub(r"\D", "", page.locator(".panel").inner_text())
    assert shown[:24] == shown[24:], "the code as it is read and as it is read aloud"
    return shown[:24]


@pytest.mark.on_both_databases
def test_a_stranger_tries_it_with_five_links(app: Flask, new_surfer: Callable[..., Surfer]) -> None:
    link = setup.first_link()
    window = new_surfer()
    window.go(f"/setup/{link}")
    window.look("setup-choose")
    window.click(window.page.get_by_role("button", name="先试一试"))
    window.page.wait_for_url("**/setup/trial", timeout=60_000)
    window.look("setup-trial")
    trial = window.page.url
    window.click(window.page.get_by_role("link", name="打开举报表"))
    code = _report(window, "窗口让我跑了四趟。")

    someone = Officer(window)
    window.page.goto(trial)
    window.click(window.page.get_by_role("button", name="做受理员"))
    someone.open_first().classify().accept()
    window.page.goto(trial)
    window.click(window.page.get_by_role("button", name="做分管领导"))
    someone.open_first().assign("周承办")
    window.page.goto(trial)
    window.click(window.page.get_by_role("button", name="做承办人"))
    someone.open_first().answer("正在核实，请等候。")

    window.page.goto(trial)
    window.click(window.page.get_by_role("link", name="凭查询码看答复"))
    window.page.locator("main input[type=text], main input:not([type])").first.fill(
        f" {code[:4]} {code[4:]} "
    )
    window.click(window.page.locator("main").get_by_role("button").first)
    assert "已受理" in window.page.locator("main").inner_text()
    assert "正在核实，请等候。" in window.page.locator("main").inner_text()
    window.look("first-answer")


def test_the_link_works_once(app: Flask, new_surfer: Callable[..., Surfer]) -> None:
    link = setup.first_link()
    window = new_surfer()
    window.go(f"/setup/{link}")
    window.click(window.page.get_by_role("button", name="先试一试"))
    window.page.wait_for_url("**/setup/trial", timeout=60_000)
    window.go(f"/setup/{link}", 404)
    assert window.page.locator("h1").inner_text() != ""
    assert not window.page.get_by_role("button", name="先试一试").is_visible()
