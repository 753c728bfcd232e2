"""Static files: small, compressed, cached by their content."""

import gzip

import pytest

from whistle.web import static_files

LIMITS = {"whistle.css": 12_000, "whistle.js": 2_000}


@pytest.fixture
def address(app):
    """The address a page would use for a file."""

    def of(name):
        with app.test_request_context():
            return static_files.address(name)

    return of


def test_a_stamped_file_is_kept_for_ever(visit, address):
    answer = visit.client.get(address("whistle.css"))
    assert answer.headers["Cache-Control"] == static_files.FOR_EVER
    assert answer.mimetype == "text/css"


@pytest.mark.parametrize("query", ["", "?v=older"])
def test_a_file_asked_for_by_an_older_page_is_sent_and_not_kept(visit, query):
    answer = visit.client.get(f"/static/whistle.css{query}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_it_is_compressed_for_those_who_can_and_plain_for_others(visit, address):
    packed = visit.client.get(address("whistle.css"), headers={"Accept-Encoding": "gzip"})
    plain = visit.client.get(address("whistle.css"))
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_one_who_has_it_is_not_sent_it_again(visit, encoding):
    asked = {"Accept-Encoding": encoding}
    first = visit.client.get("/static/whistle.css", headers=asked)
    again = visit.client.get("/static/whistle.css", headers=asked | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = {"Accept-Encoding": "identity" if encoding == "gzip" else "gzip"}
    assert visit.client.get("/static/whistle.css", headers=other).headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(("name", "limit"), LIMITS.items())
def test_it_is_small(visit, address, name, limit):
    assert len(visit.client.get(address(name), headers={"Accept-Encoding": "gzip"}).data) < limit


def test_no_file_says_whose_cookie_it_was(visit, address):
    visit.get("/")
    assert "Set-Cookie" not in visit.client.get(address("whistle.css")).headers


@pytest.mark.parametrize("name", ["nothing.css", "../wsgi.py", "%2e%2e/wsgi.py"])
def test_there_is_nothing_else(visit, name):
    assert visit.client.get(f"/static/{name}").status_code == 404
