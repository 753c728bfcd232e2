"""What all pages share, in a real browser: no accessibility fault, no sideways scrolling, with and without scripts."""

import re

import pytest


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_front_page_and_an_error_page(new_surfer, locale):
    surfer = new_surfer(locale=locale)
    surfer.go("/")
    surfer.look(f"front-{locale}")
    surfer.go("/nothing/here", 404)
    surfer.look(f"missing-{locale}", status=404)


def test_the_keyboard_reaches_the_text_first_and_then_the_way_out(new_surfer):
    surfer = new_surfer()
    surfer.go("/nothing/here", 404)
    surfer.page.keyboard.press("Tab")
    assert surfer.page.evaluate("document.activeElement.hash") == "#main"
    surfer.page.keyboard.press("Enter")
    assert surfer.page.evaluate("document.activeElement.id") == "main"


def test_without_scripts_the_language_changes_and_stays(new_surfer):
    surfer = new_surfer(javascript=False)
    surfer.go("/")
    surfer.click(surfer.page.locator("a[hreflang=en]"))
    surfer.go("/nothing/here", 404)
    assert surfer.page.get_attribute("html", "lang") == "en"


@pytest.mark.parametrize("javascript", [True, False])
def test_after_a_refused_form_the_list_of_faults_has_the_focus(new_surfer, javascript):
    surfer = new_surfer(javascript=javascript)
    surfer.go("/track")
    surfer.click(surfer.page.locator("main form button").first)
    assert surfer.page.evaluate("document.activeElement.id") == "faults"
    assert re.match("错误：", surfer.page.title())
    surfer.look(f"faults-{'with' if javascript else 'without'}-scripts")


def test_leaving_quickly_leaves_nothing_behind_the_back_button(new_surfer, served, monkeypatch):
    monkeypatch.setattr("whistle.web.public.leave.NEUTRAL", f"{served}/healthz")
    surfer = new_surfer()
    surfer.go("/")
    surfer.go("/track")
    surfer.click(surfer.page.locator("a[data-leave]"))
    surfer.page.wait_for_url(f"{served}/healthz")
    surfer.page.go_back()
    assert not surfer.page.url.endswith("/track")
