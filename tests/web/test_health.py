"""What machines ask for."""

import dataclasses

from whistle.web.wiring import Wiring


def test_a_living_process_says_so_and_nothing_else(visit):
    answer = visit.client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_it_is_ready_when_the_database_is(visit):
    assert visit.client.get("/readyz").status_code == 200


def test_it_is_not_ready_when_the_database_is_not_and_gives_no_reason(app, visit):
    wiring: Wiring = app.extensions["whistle"]
    app.extensions["whistle"] = dataclasses.replace(wiring, is_ready=lambda: False)
    answer = visit.client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready\n")
    assert answer.headers["Retry-After"]
