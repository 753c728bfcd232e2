"""Cookies and arrivals: flags and paths of each cookie, the hop after a link from elsewhere, where to go on to."""

import dataclasses

import pytest
from flask import Blueprint, Response

from tests.conftest import make_app
from tests.visiting import Visitor
from whistle.web import session


@pytest.fixture
def https_app(settings):
    """The program as people reach it over https."""
    return make_app(dataclasses.replace(settings, public_url="https://report.example.org"))


def _cookie(app, give):
    with app.test_request_context():
        return give(Response()).headers["Set-Cookie"]


def test_an_officers_cookie_is_strict_and_of_this_host_alone(app, https_app):
    plain = _cookie(app, lambda r: session.give_officer(r, "s"))
    assert plain.startswith("w_office=s;")
    assert "HttpOnly" in plain
    assert "SameSite=Strict" in plain
    assert "Max-Age" not in plain
    secure = _cookie(https_app, lambda r: session.give_officer(r, "s"))
    assert secure.startswith("__Host-w_office=s;")
    assert "Secure" in secure
    assert "Path=/" in secure
    assert "Domain" not in secure


@pytest.mark.parametrize(("kind", "path", "seconds"), [("draft", "/r/abc", 3600), ("track", "/track", 1200)])
def test_a_reporters_cookie_is_sent_under_its_path_alone_and_ends(https_app, kind, path, seconds):
    cookie = _cookie(https_app, lambda r: session.give_reporter(r, kind, "s", path))
    assert cookie.startswith(f"__Secure-w_{kind}=s;")
    for part in (f"Path={path}", f"Max-Age={seconds}", "HttpOnly", "Secure", "SameSite=Strict"):
        assert part in cookie


def test_what_is_taken_back_has_the_name_and_path_it_was_given_with(https_app):
    given = _cookie(https_app, lambda r: session.give_reporter(r, "draft", "s", "/r/abc"))
    taken = _cookie(https_app, lambda r: session.take_reporter(r, "draft", "/r/abc"))
    assert taken.split("=")[0] == given.split("=")[0]
    assert "Path=/r/abc" in taken
    assert "Max-Age=0" in taken
    assert "Max-Age=0" in _cookie(https_app, session.take_officer)


@pytest.fixture
def guarded(app):
    """A visitor of a guarded page at /inner/page, with an open one beside it."""
    inner = Blueprint("inner", __name__, url_prefix="/inner")
    inner.add_url_rule("/page", "page", lambda: "inside", methods=["GET", "POST"])
    inner.add_url_rule("/door", "door", lambda: "open")
    session.guard(inner, open_pages={"door"})
    app.register_blueprint(inner)
    return Visitor(app)


def test_a_stranger_is_led_to_sign_in_and_then_back(guarded):
    answer = guarded.client.get("/inner/page?number=3")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/office/sign-in?next=/inner/page?number%3D3"


def test_a_strangers_form_is_not_taken_and_not_come_back_to(guarded):
    answer = guarded.client.post("/inner/page", data={"text": "x"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/office/sign-in"


def test_an_open_page_is_open(guarded):
    assert guarded.client.get("/inner/door").text == "open"


def test_an_arrival_from_another_site_hops_once_so_that_a_strict_cookie_is_sent(guarded):
    arrival = guarded.get("/inner/page?number=3", headers={"Sec-Fetch-Site": "cross-site"})
    refresh = arrival.soup.select_one("meta[http-equiv=refresh]")
    assert refresh["content"] == "0; url=/inner/page?number=3"
    hop = guarded.client.get("/inner/page?number=3", headers={"Sec-Fetch-Site": "same-origin"})
    assert hop.status_code == 303


def test_a_cookie_that_opens_nothing_is_a_stranger(guarded):
    guarded.client.set_cookie("w_office", "x" * 43)
    assert guarded.client.get("/inner/page").status_code == 303
    guarded.client.set_cookie("w_office", "é\x01")
    assert guarded.client.get("/inner/page").status_code == 303


@pytest.mark.parametrize("text", ["/office/cases/清访2026-000123", "/audit/?year=2026"])
def test_where_to_go_on_to_is_a_page_of_ours(text):
    assert session.next_page(text) == text


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "office",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "javascript:1",
    ],
)
def test_anything_else_is_nowhere(text):
    assert session.next_page(text) is None
