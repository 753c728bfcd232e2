"""Error pages: plain words, the typed text kept where it can be, and logs that tell on nobody."""

import io
import logging
from urllib.parse import urlencode

import pytest
from flask import request
from peewee import InterfaceError, OperationalError

from tests.visiting import filled
from whistle.services.errors import Busy, Conflict, Crowded, Invalid, NotAllowed, NotFound, Unusable
from whistle.vault.errors import SealBroken, UnknownFormat
from whistle.web import errors

SECRET_TEXT = "书记的小舅子承包了食堂"
FAULTS = {
    "missing": NotFound("case"),
    "unusable": Unusable("expired"),
    "forbidden": NotAllowed("case.accept"),
    "conflict": Conflict("changed"),
    "new-conflict": Conflict("nobody_worded_this", number=3),
    "invalid": Invalid("text", "contains_code"),
    "busy": Busy(90),
    "crowded": Crowded(2),
    "away": OperationalError("could not connect to server 10.1.2.3"),
    "interface": InterfaceError("connection already closed"),
    "bug": ValueError(SECRET_TEXT),
    "seal": SealBroken(),
    "format": UnknownFormat(7),
}


@pytest.fixture
def failing(app, visit):
    """A visitor of pages that fail as their name says, on a program that answers as in service."""
    app.testing = False

    def fail(fault):
        assert request.form is not None
        raise FAULTS[fault]

    app.add_url_rule("/r/t/failing/<fault>", "failing", fail, methods=["GET", "POST"])
    app.add_url_rule("/office/failing/<fault>", "failing_office", fail)
    app.add_url_rule("/only-post", "only_post", fail, methods=["POST"])
    return visit


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("missing", 404),
        ("unusable", 404),
        ("forbidden", 403),
        ("conflict", 409),
        ("new-conflict", 409),
        ("invalid", 422),
        ("busy", 429),
        ("crowded", 503),
        ("away", 503),
        ("interface", 503),
        ("bug", 500),
        ("seal", 500),
        ("format", 500),
    ],
)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_each_error_is_a_page_without_detail(failing, fault, status, language):
    failing.headers["Accept-Language"] = language
    failing.planted |= {
        SECRET_TEXT,
        "Traceback",
        "OperationalError",
        "10.1.2.3",
        "case.accept",
        "nobody_worded",
    }
    page = failing.get(f"/r/t/failing/{fault}", status)
    assert page.h1
    assert not any(character.isdigit() for character in page.h1)


def test_a_secret_address_that_is_gone_looks_like_one_that_never_was(failing):
    gone, never = failing.get("/r/t/failing/missing", 404), failing.get("/nothing/like/it", 404)
    assert gone.h1 == never.h1


def test_a_wrong_method_says_which_are_right(failing):
    assert "POST" in failing.get("/only-post", 405).response.headers["Allow"]


def test_too_large_a_body_is_told_with_the_limit(failing):
    assert "1 MB" in failing.post("/r/t/failing/missing", {"text": "x" * 1_100_000}, 413).text


def test_slowed_down_tries_say_how_long(failing):
    page = failing.get("/r/t/failing/busy", 429)
    assert page.response.headers["Retry-After"] == "90"
    assert "90" in page.text


def test_a_crowd_brings_the_typed_text_back_ready_for_another_try(failing):
    failing.planted.add("482911706633")
    page = failing.post("/r/t/failing/crowded", {"text": SECRET_TEXT * 3, "code": "482911706633"}, 503)
    assert page.response.headers["Retry-After"] == "2"
    assert SECRET_TEXT * 3 in page.form().get_text()


def test_a_database_that_is_away_brings_the_typed_text_back_ready_for_another_try(failing):
    failing.planted |= {"hunter2", "482911706633", "stale-token"}
    typed = {
        "text": SECRET_TEXT * 3,
        "kind": "a",
        "password": "hunter2",
        "code": "482911706633",
        "csrf_token": "stale-token",
    }
    page = failing.post("/r/t/failing/away?step=2", typed, 503)
    assert page.response.headers["Retry-After"]
    form = page.form("再提交一次")
    assert form["action"] == "/r/t/failing/away?step=2"
    again = filled(form)
    assert again.pop("csrf_token")
    assert again == {"text": SECRET_TEXT * 3, "kind": "a"}


def test_a_page_that_cannot_be_read_now_says_come_again_and_has_no_form(failing):
    page = failing.get("/r/t/failing/away", 503)
    assert page.response.headers["Retry-After"]
    assert not page.soup.select("main form")


def test_a_conflict_shows_what_was_typed_for_copying_and_offers_the_page_anew(failing):
    page = failing.post("/r/t/failing/conflict", {"text": SECRET_TEXT * 3, "version": "4"}, 409)
    assert page.soup.select_one("textarea[readonly]").text.strip() == SECRET_TEXT * 3
    assert not page.soup.select("main form")
    assert page.link("重新打开") == "/r/t/failing/conflict"


def test_a_conflict_without_words_promises_none(failing):
    page = failing.post("/r/t/failing/conflict", {"version": "4"}, 409)
    assert "可以复制" not in page.text
    assert not page.soup.select("textarea")


def test_officers_error_pages_have_their_shell_and_no_way_out(failing):
    page = failing.get("/office/nothing/like/it", 404)
    assert page.soup.select_one("body.office")
    assert page.link("回到工作台") == "/office/"
    assert not page.soup.select(".leave")
    assert failing.get("/nothing/like/it", 404).soup.select(".leave")


@pytest.mark.parametrize("fault", ["seal", "format"])
def test_an_officer_is_told_that_a_seal_was_damaged_or_changed_and_a_reporter_is_not(failing, fault):
    """No check of the log can tell it: whoever overwrote a seal to bury a report would be noticed by nobody else."""
    page = failing.get(f"/office/failing/{fault}", 500)
    assert page.h1 == "内容打不开"
    assert "审计员" in page.text
    assert failing.get(f"/r/t/failing/{fault}", 500).h1 == failing.get("/r/t/failing/bug", 500).h1


def test_markup_that_was_typed_stays_text(failing):
    page = failing.post("/r/t/failing/away", {"text": "</textarea><script src=//x></script>" * 2}, 503)
    assert len(page.soup.select("script")) == 1


@pytest.mark.parametrize("fault", ["away", "bug"])
def test_the_log_names_class_and_place_and_nothing_of_the_request(failing, caplog, fault):
    with caplog.at_level(logging.DEBUG):
        failing.post(f"/r/t/failing/{fault}", {"text": SECRET_TEXT}, 503 if fault == "away" else 500)
    lines = "\n".join(record.getMessage() + (record.exc_text or "") for record in caplog.records)
    assert type(FAULTS[fault]).__name__ in lines
    assert not any(record.exc_info for record in caplog.records)
    for forbidden in (SECRET_TEXT, "/r/", "127.0.0.1", "10.1.2.3"):
        assert forbidden not in lines


def test_in_tests_a_mistake_is_raised_and_not_papered_over(app, visit):
    app.add_url_rule("/broken", "broken", lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        visit.get("/broken")


def test_even_what_fails_after_the_page_was_made_is_logged_without_its_path(app, caplog):
    app.testing = False

    def fail(_response):
        raise ValueError(SECRET_TEXT)

    app.after_request_funcs.setdefault(None, []).insert(0, fail)
    with caplog.at_level(logging.DEBUG):
        assert app.test_client().get("/r/t/anything").status_code == 500
    lines = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    assert "ValueError" in lines
    assert SECRET_TEXT not in lines
    assert "/r/" not in lines


@pytest.mark.parametrize("address", ["/r/t/failing/away", "/office/account", "/track", "/nothing"])
def test_a_flood_of_fields_is_refused_before_it_is_read(failing, monkeypatch, address):
    monkeypatch.setattr("werkzeug.formparser.parse_qsl", lambda *_, **__: pytest.fail("it was read"))
    form = {"data": "a&" * 400_000, "content_type": "application/x-www-form-urlencoded"}
    page = failing._page(address, failing.client.post(address, **form), 413)
    assert page.h1 == "内容太大了"
    assert len(page.response.data) < 10_000


def test_a_flood_in_the_address_is_refused_too(failing):
    assert failing.get("/track?" + "a&" * 301, 413).h1 == "内容太大了"


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/json", "text/plain"])
def test_what_is_no_plain_form_is_refused_before_it_is_read(failing, kind):
    """A form in parts would lie in a temporary file, in the clear."""
    assert failing.post(
        "/r/t/failing/away", {"story": "x"} if "form" in kind else "x", 415, content_type=kind
    ).h1


@pytest.mark.parametrize(("missing", "status"), [(0, 422), (150, 400)])
def test_half_a_form_is_not_taken_for_the_whole(visit, missing, status):
    """A telephone that loses the signal sends what it has; the server says where a body that broke off ends."""
    token = visit.get("/track").form().select_one("[name=csrf_token]")["value"]
    body = urlencode({"csrf_token": token, "code": "4829"}).encode()
    environ = {
        "wsgi.input_terminated": True,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body) + missing),
    }
    answer = visit.client.post("/track", input_stream=io.BytesIO(body), environ_overrides=environ)
    assert answer.status_code == status


def test_a_form_without_a_length_is_refused(visit):
    chunked = {"Transfer-Encoding": "chunked"}
    answer = visit.client.post("/track", headers=chunked, input_stream=io.BytesIO(b"code=1"))
    assert answer.status_code == 411


def test_as_many_fields_as_a_form_may_have_are_read_and_few_are_carried_back(failing):
    typed = {f"field{number}": SECRET_TEXT * 3 for number in range(299)}
    page = failing.post("/r/t/failing/away", typed, 503)
    assert len(filled(page.form("再提交一次"))) == errors.CARRIED + 1  # and the token
