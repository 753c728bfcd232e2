"""The catalogue of measures against the rulebook and the law's own periods."""

import pytest

from whistle.rules.measures import CLASSES, COLLECTIVE, ELSEWHERE, HERE, MEASURES, PERSON_KINDS, Measure

BY_NAME = {measure.name: measure for measure in MEASURES}


def test_there_are_the_rulebooks_thirty_eight_measures() -> None:
    assert len(BY_NAME) == len(MEASURES) == 38


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("admin_warning", 6),
        ("admin_demerit", 12),
        ("admin_major_demerit", 18),
        ("admin_downgrade", 24),
        ("admin_removal", 24),
    ],
)
def test_the_periods_are_those_of_article_eight(name: str, months: int) -> None:
    assert BY_NAME[name].period.months == months


def test_expulsion_has_no_end() -> None:
    assert BY_NAME["admin_expulsion"].period.is_permanent
    assert BY_NAME["admin_expulsion"].period.months is None


def test_a_villages_manager_gets_nothing_above_a_major_demerit() -> None:
    admin = [measure for measure in MEASURES if measure.class_ == "admin"]
    reach_all = [measure.name for measure in admin if "A" in measure.kinds or "V" in measure.kinds]
    assert reach_all == ["admin_warning", "admin_demerit", "admin_major_demerit"]
    assert all(measure.approval == COLLECTIVE and measure.regime == HERE for measure in admin)


def test_the_yearly_sentence_has_its_six_measures_in_order() -> None:
    slots = [measure.sentence for measure in MEASURES if measure.sentence]
    assert sorted(slots) == sorted(["通报批评", "政务警告", "政务记过", "诫勉谈话", "约谈", "作出检查"])


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_a_row_is_well_formed(measure: Measure) -> None:
    assert measure.class_ in CLASSES
    assert set(measure.kinds) <= set(PERSON_KINDS)
    assert measure.regime in (HERE, ELSEWHERE)
    assert bool(measure.kinds) == ("unit" not in measure.on or "person" in measure.on)
    assert measure.approval in ("deputy", "head", COLLECTIVE, None)
    assert (measure.approval is None) == (measure.name == "employer_sanction")
    assert set(measure.forms) <= {1, 2, 3, 4}
    assert measure.document is not None or measure.name == "apologise"
