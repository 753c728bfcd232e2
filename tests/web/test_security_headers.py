"""Headers on every kind of answer, cookies' flags, and forwarded headers only when told."""

import dataclasses

import pytest

from tests.conftest import make_app
from tests.visiting import Visitor
from whistle.web.security_headers import BY_BLUEPRINT, EVERYWHERE

ANSWERS = ["/", "/nothing", "/office/sign-in", "/healthz", "/static/whistle.css"]


@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_carries_every_header(visit, address):
    headers = visit.client.get(address).headers
    own = BY_BLUEPRINT["static"] if address.startswith("/static/") else {}
    for name, value in (EVERYWHERE | own).items():
        if name != "Cache-Control":
            assert headers.get(name) == value


def test_nothing_but_static_files_may_be_kept(visit):
    assert visit.client.get("/").headers["Cache-Control"] == "no-store"
    assert visit.client.get("/nothing").headers["Cache-Control"] == "no-store"


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    policy = dict(part.strip().split(" ", 1) for part in EVERYWHERE["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert {source for name, source in policy.items() if name.endswith("-src")} == {"'none'", "'self'"}


def test_every_blueprint_has_its_dict(app):
    assert set(app.blueprints) - {"health"} <= set(BY_BLUEPRINT)


def test_only_the_front_pages_may_be_found_by_search_engines(visit):
    assert "X-Robots-Tag" not in visit.client.get("/").headers
    for address in ("/office/sign-in", "/nothing", "/track"):
        assert "noindex" in visit.client.get(address).headers["X-Robots-Tag"]


def test_over_https_cookies_are_secure_and_of_this_host_alone(settings):
    app = make_app(dataclasses.replace(settings, public_url="https://report.example.org"))
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert app.config["SESSION_COOKIE_SECURE"]
    assert "max-age" in app.test_client().get("/healthz").headers["Strict-Transport-Security"]


def test_over_http_nothing_asks_for_https(visit):
    assert "Strict-Transport-Security" not in visit.client.get("/healthz").headers


@pytest.mark.parametrize(("trusted", "seen"), [(0, "http localhost"), (1, "https report.example.org")])
def test_forwarded_headers_count_only_when_told(settings, trusted, seen):
    from flask import request

    app = make_app(dataclasses.replace(settings, trust_proxy=trusted))
    app.add_url_rule("/seen", "seen", lambda: f"{request.scheme} {request.host} {request.remote_addr}")
    forwarded = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "report.example.org",
        "X-Forwarded-For": "203.0.113.9",
    }
    answer = Visitor(app).client.get("/seen", headers=forwarded).text
    assert answer == f"{seen} 127.0.0.1"


def test_the_form_key_is_made_once_for_its_owner_alone(settings, app):
    path = settings.instance / "forms.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert app.config["SECRET_KEY"] == path.read_bytes()
    assert make_app(settings).config["SECRET_KEY"] == app.config["SECRET_KEY"]
    assert len(list(settings.instance.glob("tmp*"))) == 0


@pytest.mark.parametrize(
    "host", ["evil.example.org", "127.0.0.1.evil.example.org", "[", "user@evil", "10.0.0.7"]
)
def test_a_real_office_answers_to_its_own_name_alone(founded, host):
    page = founded().get("/", 400, headers={"Host": host})
    assert page.h1 == "看不懂这个请求"
    assert "evil" not in page.response.text


@pytest.mark.parametrize(
    "host", ["127.0.0.1:80; script-src *", "localhost:", "local host", "localhost:1234567"]
)
def test_not_even_a_trial_answers_to_what_is_no_name(staffed, app, host):
    page = Visitor(app).get("/", 400, headers={"Host": host})
    assert "script-src *" not in str(page.response.headers)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
def test_an_office_on_this_machine_answers_to_every_name_of_it(founded, host):
    founded().get("/", headers={"Host": host})


@pytest.mark.parametrize(
    ("host", "status"),
    [("report.example.org", 200), ("report.example.org:443", 200), ("localhost", 400), ("example.org", 400)],
)
def test_an_office_in_the_world_answers_to_its_address(town, settings, host, status):
    app = make_app(
        dataclasses.replace(settings, database_url=town.url, public_url="https://report.example.org")
    )
    Visitor(app).get("/", status, headers={"Host": host})


def test_whether_it_lives_may_be_asked_by_any_name(founded):
    for address in ("/healthz", "/readyz"):
        assert founded().client.get(address, headers={"Host": "10.0.0.7"}).status_code == 200


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "office-pc", "localhost"])
def test_a_trial_answers_to_any_name_of_the_machine(desks, host):
    Visitor(desks.app).get("/", headers={"Host": host})
