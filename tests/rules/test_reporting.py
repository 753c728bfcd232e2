"""The steps of the report form: order, branches, what is missing, and answers taken back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.rules.reporting import (
    CHECK,
    NO_UNIT,
    STEP_NAMES,
    STEPS,
    first_unanswered,
    missing,
    next_step,
    previous_step,
    relevant,
    way,
)
from whistle.rules.taxonomy import TABLES

WHOLE = {
    "kind": "lead",
    "problem": "slow",
    "unit": NO_UNIT,
    "story": "三次都说缺材料。",
    "identity": "anonymous",
}

STEP = {step.name: step for step in STEPS}

ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(list(TABLES["kinds"])),
        "problem": st.sampled_from(list(TABLES["citizen_choices"])),
        "unit": st.sampled_from([NO_UNIT, "QY01", ""]),
        "story": st.text(max_size=5),
        "own_people": st.booleans(),
        "concerns_head": st.booleans(),
        "identity": st.sampled_from(["anonymous", "named"]),
        "name": st.text(max_size=3),
    },
)


def test_the_questions_come_in_the_order_of_the_design() -> None:
    assert STEP_NAMES == ("kind", "problem", "where", "story", "people", "files", "readers", "identity")


def test_a_report_with_its_five_answers_is_whole() -> None:
    assert first_unanswered(WHOLE) is None


def test_walking_forward_reaches_the_check_page_and_back_again() -> None:
    forward = [STEP_NAMES[0]]
    while forward[-1] != CHECK:
        forward.append(next_step(forward[-1], WHOLE))
    assert forward == [*STEP_NAMES, CHECK]
    back: list[str] = [CHECK]
    while (before := previous_step(back[-1], WHOLE)) is not None:
        back.append(before)
    assert back == forward[::-1]


def test_advice_is_not_asked_which_kind_of_problem() -> None:
    advice = {**WHOLE, "kind": "advice"}
    assert next_step("kind", advice) == "where"
    assert previous_step("where", advice) == "kind"
    assert "problem" not in relevant(advice)


def test_changing_to_a_kind_that_asks_more_leads_to_the_new_question() -> None:
    advice = {name: value for name, value in WHOLE.items() if name != "problem"}
    assert first_unanswered({**advice, "kind": "advice"}) is None
    assert first_unanswered({**advice, "kind": "lead"}) == "problem"


def test_a_name_is_asked_only_of_who_gives_it() -> None:
    assert [field.name for field in missing(STEP["identity"], {"identity": "named"})] == [
        "name", "contact",
    ]  # fmt: skip
    assert missing(STEP["identity"], {"identity": "anonymous"}) == []


def test_a_name_given_before_choosing_anonymous_is_not_kept() -> None:
    assert "name" not in relevant({**WHOLE, "name": "李四", "contact": "1380000xx04"})
    assert "name" in relevant({**WHOLE, "identity": "named", "name": "李四"})


def test_the_head_is_asked_about_only_when_own_people_are_concerned() -> None:
    assert "concerns_head" not in relevant({**WHOLE, "concerns_head": True})
    assert "concerns_head" in relevant({**WHOLE, "own_people": True, "concerns_head": True})


@pytest.mark.parametrize("blank", ["", "   ", "\n\u3000", None])
def test_blank_text_is_no_answer(blank: str | None) -> None:
    assert [field.name for field in missing(STEP["story"], {"story": blank})] == ["story"]


@pytest.mark.parametrize("name", ["", "nothing", CHECK])
def test_an_unknown_page_leads_to_the_check_page_and_never_fails(name: str) -> None:
    assert next_step(name, WHOLE) == CHECK
    assert previous_step(name, WHOLE) == "identity"


def test_every_field_is_well_formed() -> None:
    names = [field.name for step in STEPS for field in step.fields]
    assert len(names) == len(set(names))
    for step in STEPS:
        assert step.question.zh.endswith("？")
        for field in step.fields:
            assert field.kind in ("choice", "unit", "line", "text", "flag")
            assert (field.table in TABLES) == (field.kind == "choice")
            assert bool(field.limit) == (field.kind in ("line", "text"))
            assert field.shown_if is None or field.shown_if.name in names


@given(ANSWERS, st.sampled_from(STEP_NAMES))
def test_forward_and_back_are_opposites_on_the_way(answers: dict[str, object], name: str) -> None:
    after = next_step(name, answers)
    assert after == CHECK or after in [step.name for step in way(answers)]
    if STEP[name].is_shown(answers):
        assert previous_step(after, answers) == name


@given(ANSWERS)
def test_what_is_left_out_changes_nothing(answers: dict[str, object]) -> None:
    kept = relevant(answers)
    assert relevant(kept) == kept
    assert way(kept) == way(answers)
    assert first_unanswered(kept) == first_unanswered(answers)


def test_what_officers_read_beside_an_answer_is_no_question():
    labels = [field.office_label or field.label for step in STEPS for field in step.fields]
    assert [label for label in labels if "？" in label.zh or "?" in label.en] == []
