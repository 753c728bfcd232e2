"""An officer in a real browser: signs in or activates an account, works cases, decides, keeps keys."""

import re
from dataclasses import dataclass

import pyotp
from playwright.sync_api import Page

from tests.browser import Surfer


@dataclass
class Officer:
    """One person of the office in a window of the own. Every verb ends on the page the person then sees."""

    window: Surfer
    user_name: str = ""
    password: str = ""
    totp_seed: str = ""

    @property
    def page(self) -> Page:
        """The browser's page."""
        return self.window.page

    @property
    def heading(self) -> str:
        """What the page is called."""
        return self.page.locator("main h1").inner_text()

    @property
    def says(self) -> str:
        """The words of the page's main part."""
        return self.page.locator("main").inner_text()

    def look(self, name: str, status: int | None = None) -> "Officer":
        """Find nothing wrong with this page, answered with this status, and keep its picture."""
        self.window.look(f"office-{name}", status=status)
        return self

    def press(self, words: str) -> "Officer":
        """Press the button of the main part that says this."""
        self.window.click(self.page.locator("main").get_by_role("button", name=words, exact=True))
        return self

    def follow(self, words: str) -> "Officer":
        """Follow the first link of the main part that says this."""
        self.window.click(self.page.locator("main").get_by_role("link", name=words).first)
        return self

    def fill(self, label: str, text: str) -> "Officer":
        """Type into the box of this label."""
        self.page.locator("main").get_by_label(label, exact=False).first.fill(text)
        return self

    def enter(self, **fields: str) -> "Officer":
        """Fill in a form by the names of its fields: text, an option's value or words, "y" for a tick."""
        for name, value in fields.items():
            box = self.page.locator(f"main [name={name}]:not(button)").first
            if box.evaluate("e => e.tagName") == "SELECT":
                box.select_option(value)
            elif box.get_attribute("type") == "checkbox":
                box.check()
            else:
                box.fill(value)
        return self

    def visit(self, path: str, name: str = "", status: int = 200) -> "Officer":
        """Open an address, which answers with this status; look at it under this name if one is given."""
        self.window.go(path, status)
        return self.look(name, status) if name else self

    # Coming in

    def activate(self, link: str, password: str) -> list[str]:
        """Follow an invitation: password, authenticator, and the recovery codes, which are returned."""
        self.window.go(link)
        return self.settle(password)

    def settle(self, password: str) -> list[str]:
        """On the page of an invitation: password, authenticator, and the recovery codes, which are returned."""
        self.password = password
        self.fill("新密码", password).fill("再输一次", password).press("继续")
        self.totp_seed = "".join(self.page.locator(".secret").inner_text().split())
        self.fill("6位数字", pyotp.TOTP(self.totp_seed).now()).press("完成")
        return self.page.locator(".codes li").all_inner_texts()

    def sign_in(self, user_name: str, password: str) -> "Officer":
        """User name and password, and the code where one is asked for."""
        self.user_name, self.password = user_name, password
        self.window.go("/office/sign-in")
        self.fill("用户名", user_name).fill("密码", password).press("登录")
        if self.totp_seed and self.page.url.partition("?")[0].endswith("/sign-in/code"):
            self.fill("验证码", pyotp.TOTP(self.totp_seed).now()).press("继续")
        return self

    def become(self, user_name: str) -> "Officer":
        """Change person by the bar of a trial."""
        if "/office/" not in self.page.url:
            self.window.go("/office/sign-in")
        self.window.click(self.page.locator(f".person-bar button[value={user_name}]"))
        return self

    # At the desk

    def open_desk(self, view: str = "") -> "Officer":
        """The desk, or one of its views."""
        self.window.go(f"/office/desk?view={view}" if view else "/office/desk")
        return self

    def open_first(self) -> "Officer":
        """Open the first case of the list that can be opened."""
        self.window.click(self.page.locator("tbody a").first)
        return self

    def step(self, words: str) -> "Officer":
        """Go to the page of a step, by its button on the case's page; those that do not lead on lie folded."""
        link = self.page.locator("main nav.acts a").filter(has_text=re.compile(f"^{re.escape(words)}$"))
        if not link.is_visible():
            self.page.locator("details.more summary").first.click()
        self.window.click(link)
        return self

    def classify(self) -> "Officer":
        """Register the open case as it is proposed, and give it its number."""
        return self.step("分类登记").press("分类登记")

    def accept(self) -> "Officer":
        """Accept the open case with the words that are proposed."""
        return self.step("受理").press("受理")

    def propose_decline(self, why: str, words: str) -> "Officer":
        """Propose to decline the open case."""
        self.step("不予受理")
        self.page.get_by_label(why, exact=False).check()
        return self.fill("理由和可向何处反映", words).press("报批：不予受理")

    def assign(self, name: str) -> "Officer":
        """Give the open case to somebody."""
        self.step("指派")
        box = self.page.get_by_label("承办人", exact=False)
        box.select_option(
            label=next(t for t in box.locator("option").all_inner_texts() if t.startswith(name))
        )
        return self.press("指派")

    def answer(self, words: str) -> "Officer":
        """Write to the reporter of the open case."""
        self.window.click(self.page.get_by_role("link", name="往来"))
        return self.fill("答复内容", words).press("发出答复")

    def approve_first(self) -> "Officer":
        """Give leave to what has waited longest."""
        self.window.go("/office/approvals")
        return self.follow("查看并决定").press("同意")
