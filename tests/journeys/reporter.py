"""A reporter in a real browser: a phone in one hand, scripts off unless a test says otherwise."""

import re
from dataclasses import dataclass
from typing import Any

from tests.browser import Surfer


@dataclass
class Reporter:
    """Somebody who scanned a poster. Every verb ends on the page the person then sees."""

    window: Surfer
    token: str
    code: str = ""

    @property
    def heading(self) -> str:
        """What the page is called."""
        return self.window.page.locator("main h1").inner_text()

    @property
    def says(self) -> str:
        """The words of the page's main part."""
        return self.window.page.locator("main").inner_text()

    def look(self, name: str, status: int | None = None) -> "Reporter":
        """Find nothing wrong with this page, answered with this status, and keep its picture."""
        self.window.look(f"public-{name}", status=status)
        return self

    def press(self, words: str) -> "Reporter":
        """Press the button that says this."""
        self.window.click(self.window.page.get_by_role("button", name=words, exact=True))
        return self

    def follow(self, words: str) -> "Reporter":
        """Follow the link that says this."""
        self.window.click(self.window.page.get_by_role("link", name=words).first)
        return self

    def fill(self, **fields: str) -> "Reporter":
        """Type into boxes, by the field's name."""
        for name, text in fields.items():
            self.window.page.locator(f"main [name={name}]").fill(text)
        return self

    def choose(self, words: str) -> "Reporter":
        """Choose the option that begins with this, by touching its words."""
        self.window.page.locator("main label").filter(has_text=re.compile(rf"^\s*{words}")).click()
        return self

    def attach(self, *names: str, size: int = 2_000) -> "Reporter":
        """Choose files of these names, pictures by their content but for what is called a program."""
        chosen = [
            {
                "name": name,
                "mimeType": "application/octet-stream",
                "buffer": (b"MZ\x90\0" if name.endswith(".exe") else b"\x89PNG\r\n\x1a\n")
                + name.encode() * size,
            }
            for name in names
        ]
        self.window.page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
        return self

    # Scan, report, receipt

    def scan(self, status: int = 200) -> "Reporter":
        """What the camera opens, answered with this status."""
        self.window.go(f"/r/{self.token}", status)
        return self

    def start(self) -> "Reporter":
        """To the first question."""
        return self.scan().press("开始")

    def answer(self, **given: Any) -> "Reporter":
        """Every question to the page where the answers are checked; `story` and `identity` can be given."""
        self.choose("检举控告").press("继续").choose("不给办").press("继续")
        self.window.page.locator("[name=unit]").select_option("unknown")
        self.fill(unit_words="二楼3号窗口", happened_on="9月3日").press("继续")
        self.fill(story=given.get("story", "窗口让我跑了四趟，每次说的都不一样。")).press("继续")
        self.fill(people="戴眼镜的男同志").press("继续").press("继续").press("继续")
        return self.choose(given.get("identity", "匿名")).press("继续")

    def send(self) -> "Reporter":
        """Send what was checked, and copy down the code."""
        self.press("提交举报")
        self.code = self.window.page.locator(".big-code").inner_text()
        return self

    # Later

    def look_up(self, code: str = "") -> "Reporter":
        """Open the own report with the code."""
        self.window.go("/track")
        return self.fill(code=code or self.code).press("查询")

    def back(self) -> "Reporter":
        """The browser's own way back."""
        self.window.page.go_back()
        return self

    def forward(self) -> "Reporter":
        """The browser's own way forward."""
        self.window.page.go_forward()
        return self
