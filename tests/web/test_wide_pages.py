"""What only a browser can tell: the bar of people on a wide screen, and what of the check list is printed."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import stages
from tests.browser import Surfer
from tests.web.officers import Desks


@pytest.fixture
def app(desks: Desks) -> Flask:
    """The trial office, for the browser."""
    return desks.app


@pytest.mark.parametrize("width", [1280, 800])
def test_everybody_in_the_bar_is_seen_on_a_wide_screen(new_surfer: Callable[..., Surfer], width: int) -> None:
    surfer = new_surfer(width=width)
    surfer.go("/office/sign-in")
    across = "e => [e.scrollWidth - e.clientWidth, e.querySelectorAll('button').length]"
    hidden, people = surfer.page.locator(".person-bar ul").evaluate(across)
    assert people > 9
    assert hidden <= 0


def test_the_check_list_prints_the_codes_alone(new_surfer: Callable[..., Surfer]) -> None:
    surfer = new_surfer(width=1280)
    surfer.go("/office/sign-in")
    surfer.click(surfer.page.locator("button[value=head]"))
    surfer.go("/office/setup")
    surfer.look("trusted-codes")
    surfer.page.emulate_media(media="print")
    assert surfer.page.locator(".trusted .big-code").count() == 2
    assert surfer.page.locator(".trusted .big-code").first.is_visible()
    assert not surfer.page.locator("ol.tasks").is_visible()


def test_a_wide_board_moves_inside_its_table_and_not_the_page(
    desks: Desks, new_surfer: Callable[..., Surfer]
) -> None:
    desks.office.file()
    for stage in (stages.referred, stages.investigating, stages.reviewing, stages.deciding, stages.enforcing):
        stage(desks.office)
    surfer = new_surfer(width=700)
    surfer.go("/office/sign-in")
    surfer.click(surfer.page.locator("button[value=head]"))
    surfer.go("/office/board")
    across = "e => e.scrollWidth - e.clientWidth"
    assert surfer.page.locator(".board .table").evaluate(across) > 0, (
        "the board fits: make the window narrower"
    )
    assert surfer.page.locator("html").evaluate(across) <= 0
