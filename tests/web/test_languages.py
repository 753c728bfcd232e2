"""Which language a page is in, and the switch that keeps the page."""

import pytest


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("zh-CN,zh;q=0.9", "zh-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-FR,fr", "zh-CN"),
        ("", "zh-CN"),
        ("en;q=0.5,zh-CN;q=0.9", "zh-CN"),
        ("zh-TW", "zh-CN"),
    ],
)
def test_without_a_choice_it_is_as_the_browser_prefers_and_chinese_for_others(visit, header, lang):
    visit.headers = {"Accept-Language": header}
    assert visit.get("/nothing", 404).soup.html["lang"] == lang


def test_a_choice_in_the_address_is_remembered(visit):
    assert visit.get("/nothing?lang=en", 404).soup.html["lang"] == "en"
    assert visit.get("/nothing", 404).soup.html["lang"] == "en"
    assert visit.get("/nothing?lang=zh_CN", 404).soup.html["lang"] == "zh-CN"


def test_an_unknown_language_is_no_choice(visit):
    assert visit.get("/nothing?lang=%3Cscript%3E", 404).soup.html["lang"] == "zh-CN"


def test_the_switch_keeps_the_page_and_its_filters(visit):
    page = visit.get("/nothing?state=new&state=old&lang=en", 404)
    assert page.link("中文") == "/nothing?state=new&state=old&lang=zh_CN"
    assert page.soup.select_one("a[hreflang=zh-CN]")["lang"] == "zh-CN"
