"""`whistle rules`: the tables as plain values."""

import json
from dataclasses import fields

import pytest

from whistle.rules import clock_rows, measures, taxonomy, workflow
from whistle.rules.tables import CALLED, as_json

PROMISED = {"name", "zh", "en", "source", "since", "checked"}


def test_the_tables_are_those_the_contract_names() -> None:
    assert list(as_json()) == ["states", "actions", "clocks", "measures", "categories"]


def test_every_row_has_what_the_contract_promises() -> None:
    for rows in as_json().values():
        assert rows
        for row in rows:
            assert set(row) >= PROMISED
            assert all(isinstance(row[name], str) for name in PROMISED - {"checked"})


def test_the_tables_are_plain_json() -> None:
    tables = as_json()
    assert json.loads(json.dumps(tables, ensure_ascii=False)) == tables


def test_a_row_reads_like_the_rulebook() -> None:
    accept = next(row for row in as_json()["actions"] if row["name"] == "accept")
    assert accept["zh"] == "受理"
    assert accept["source"] == "JJ; XF 23"
    assert accept["since"] == "2022-05-01"
    assert accept["checked"] is None
    petition = next(row for row in as_json()["clocks"] if row["name"] == "petition")
    assert petition["checked"] == "2026-11-23"
    assert petition["lengths"] == [
        {"count": 60, "unit": "N", "kinds": ["petition"], "is_law": True, "when": None}
    ]


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        ("states", {"": workflow.State}),
        ("actions", {"": workflow.Action, "needs": workflow.Need}),
        (
            "clocks",
            {
                "": clock_rows.Clock,
                "lengths": clock_rows.Length,
                "extension": clock_rows.Extension,
                "starts": clock_rows.Cause,
            },
        ),
        ("measures", {"": measures.Measure, "period": measures.Period}),
        ("categories", {"": taxonomy.Category}),
    ],
)
def test_every_field_of_a_row_is_there(table: str, kinds: dict[str, type]) -> None:
    for place, kind in kinds.items():
        wanted = {CALLED.get(field.name, field.name) for field in fields(kind)} - {"term"}
        found = [row for row in as_json()[table] if not place or row[place]]
        assert found
        for row in found:
            part = row[place] if place else row
            shown = part[0] if isinstance(part, list) else part
            assert wanted <= set(shown), f"{table}, {place or 'row'}"


def test_terms_inside_a_row_are_in_both_languages() -> None:
    received = next(row for row in as_json()["states"] if row["name"] == "received")
    assert received["reporter_sees"] == {"zh": "已收到", "en": "received"}
