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
    for name, value in EVERYWHERE.items():
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
