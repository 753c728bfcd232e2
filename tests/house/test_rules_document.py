"""docs/rules.md says what the rule tables say."""

from whistle import config
from whistle.rules import handbook


def test_the_rules_are_documented_as_they_are():
    written = (config.ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == handbook.text(), "run `make rules` and commit docs/rules.md"
