"""The figures as rows: each can be told to a person, and is about events and clocks that there are."""

import pytest

from whistle.rules.clocks import CLOCKS
from whistle.rules.figures import FIGURES, Events, Figure, InTime, Share, Step

#: The figures of the rulebook's paragraph 14 that meeting papers show.
OF_THE_RULEBOOK = {
    "received",
    "accepted",
    "declined",
    "redirected",
    "concluded",
    "substantiated",
    "look_backs",
    "came_back",
    "in_time_accept",
    "in_time_conclude",
    "in_time_rectify",
    "satisfied",
    "carried_criticise_unit",
    "carried_admin_warning",
    "carried_admin_demerit",
    "carried_admonish",
    "carried_summon",
    "carried_self_criticism",
}


def steps(figure: Figure) -> tuple[Step, ...]:
    if isinstance(figure.counts, Events):
        return figure.counts.steps + figure.counts.reports
    return figure.counts.part + figure.counts.whole.steps if isinstance(figure.counts, Share) else ()


def test_the_rulebooks_figures_are_there_and_a_rate_for_each_clock_of_law() -> None:
    law = {f"in_time_{row.name}" for row in CLOCKS if any(length.is_law for length in row.lengths)}
    assert set(FIGURES) >= OF_THE_RULEBOOK | law
    assert "in_time_rhythm" not in FIGURES


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_says_in_both_languages_how_it_is_counted(figure: Figure) -> None:
    for term in (figure.term, figure.unit, figure.rule, *([figure.beside] if figure.beside else [])):
        assert term.zh
        assert term.en
    assert figure.source


def test_a_limit_of_law_counts_only_where_it_is_one() -> None:
    redirect = FIGURES["in_time_redirect"].counts
    assert isinstance(redirect, InTime)
    assert [(limit.kinds, limit.when) for limit in redirect.limits] == [
        (("complaint",), "sent_by_department"),
        (("petition",), ""),
    ]


def test_no_step_counts_everything() -> None:
    assert all(step.action or step.to for figure in FIGURES.values() for step in steps(figure))
