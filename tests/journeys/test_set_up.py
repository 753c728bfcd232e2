"""An office sets itself up in six steps, each person in the own browser, and declines the first report."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from click.testing import CliRunner
from flask import Flask

from tests.browser import Surfer
from tests.journeys.officer import Officer
from tests.journeys.reporter import Reporter
from tests.people import PASSWORD
from whistle.cli import shell
from whistle.services import setup

NAMES = {
    "office_zh": "清源区纪委监委",
    "office_en": "Discipline Office of Clearspring",
    "superior_address": "上级纪委信访室",
    "unit_code": "QY01",
    "unit_zh": "清源区行政审批局",
    "unit_en": "Approval Bureau",
    "admin_name": "秦管理",
}
DONE = "已完成"


class Newcomers:
    """Everybody of the office with a window and the short code of the own key."""

    def __init__(self, new_surfer: Callable[..., Surfer]) -> None:
        self.new_surfer = new_surfer
        self.short_codes: dict[str, str] = {}

    def found(self, link: str) -> Officer:
        """The administrator founds the office."""
        admin = Officer(self.new_surfer())
        admin.visit(f"/setup/{link}").follow("正式启用").look("founding")
        admin.enter(**NAMES).press("启用").look("founding-password").settle(PASSWORD)
        return admin.look("founding-codes").follow("我已收好")

    def join(self, admin: Officer, name: str, user_name: str, role: str, **more: str) -> Officer:
        """Invited by the administrator; follows the link and is in."""
        admin.visit("/admin/people/new").enter(name=name, user_name=user_name, role=role, **more).press(
            "邀请"
        )
        link = urlsplit(admin.page.locator("#link").inner_text()).path
        person = Officer(self.new_surfer())
        assert len(person.activate(link, PASSWORD)) >= 10
        code = person.page.locator(".big-code")
        self.short_codes[name] = code.inner_text() if code.count() else ""
        return person.follow("我已收好")

    def admit_all(self, by: Officer) -> list[str]:
        """Compare the short codes of all who wait, and let them in."""
        admitted = []
        by.visit("/office/admissions")
        while by.page.locator("section.message").count():
            section = by.page.locator("section.message").first
            name = next(n for n in self.short_codes if n in section.inner_text())
            assert section.locator(".big-code").inner_text() == self.short_codes[name]
            for box in section.locator("input[type=checkbox]").all():
                box.check()
            by.window.click(section.get_by_role("button", name="准入"))
            admitted.append(name)
        return admitted


def _print_sheet(head: Officer) -> None:
    head.visit("/office/keys", "sheet-asked").follow("开始").look("sheet-before").press("生成恢复单")
    head.look("sheet")
    groups = head.page.locator(".sheet code").all_inner_texts()
    head.follow("已打印").look("sheet-check")
    for label in head.page.locator("main label").all():
        words = label.inner_text().strip()
        head.fill(words, groups[int(words.removeprefix("第").removesuffix("组")) - 1].lower())
    head.press("核对并启用")


def _superior_key(folder: Path) -> tuple[str, str]:
    """What the superior hands over, and what is read out over the telephone."""
    public = folder / "public.txt"
    done = CliRunner().invoke(
        shell, ["superior", "key", "--private", str(folder / "private.txt"), "--public", str(public)]
    )
    return public.read_text(), done.stdout.rpartition("short code: ")[2].strip()


def _second_step(someone: Officer, user_name: str) -> None:
    """A sign-in in another browser, as far as the page that asks for the code."""
    someone.visit("/office/sign-in", "sign-in").enter(user_name=user_name, password=PASSWORD).press("登录")
    assert someone.look("second-factor").heading == "验证码"


def _steps_done(someone: Officer, address: str = "/admin/") -> int:
    someone.visit(address)
    return someone.page.locator(".tasks > li > span", has_text=DONE).count()


def test_six_people_open_an_office_and_four_decline_its_first_report(
    app: Flask, quick_passwords: None, new_surfer: Callable[..., Surfer], tmp_path: Path
) -> None:
    town = Newcomers(new_surfer)
    admin = town.found(str(setup.first_link()))
    assert admin.heading == "启用清单"
    admin.look("steps-first")

    head = town.join(admin, "高主任", "head", "head")
    _print_sheet(head)
    assert _steps_done(admin) == 2

    intake = town.join(admin, "林受理", "intake", "intake", desk="受理台")
    intake.look("steps-waiting-person")
    deputy = town.join(admin, "沈分管", "deputy", "deputy")
    outside = town.join(admin, "陶监督", "oversight", "oversight", is_outside="y")
    second = town.join(admin, "金监督", "oversight2", "oversight", desk="监督受理台")
    admin.visit("/admin/", "steps-middle")
    head.visit("/office/setup", "steps-head").visit("/office/admissions", "steps-admissions")
    assert set(town.admit_all(head)) == {"林受理", "沈分管"}

    outside.visit("/office/keys", "oversight-keys").press("生成")
    assert town.admit_all(outside) == ["金监督"]
    public, short_code = _superior_key(tmp_path)
    outside.visit("/office/keys").follow("录入").look("superior").fill("公钥", public).press("录入")
    outside.look("superior-waiting")
    second.visit("/office/keys").follow("核对").look("superior-confirm").fill("短码", short_code)
    second.press("核对一致，开始使用")
    assert _steps_done(admin) == 5
    _second_step(Officer(new_surfer()), "deputy")

    admin.follow("开通第一个渠道").enter(name="企业开办窗口", unit="QY01", place="一楼3号窗口").press(
        "保存"
    ).look("first-channel")
    assert admin.page.locator(".qr svg").is_visible()
    token = admin.page.locator("#address").inner_text().rpartition("/")[2]
    assert _steps_done(admin) == 6
    assert "没有发现问题" not in admin.says, (
        "six people are fewer than every role wants, and the page says so"
    )

    reporter = Reporter(new_surfer(javascript=False, width=360), token)
    reporter.start().answer().send()
    intake.open_desk().open_first().classify()
    intake.propose_decline("属于其他机关职责", "请向市场监管部门反映。")
    deputy.approve_first()
    assert "已批准" in deputy.says
    assert "不予受理" in reporter.look_up().says
