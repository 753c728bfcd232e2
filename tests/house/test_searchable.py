"""Whatever words a case has can be found: each sealed column is looked through, or stands here with the reason why not.

A new table with words of its own needs a function in `services/casework/digests.py`; then it is found, and its case's
digest knows when it is old.
"""

from fnmatch import fnmatch

from tests.house.test_columns import SEALED
from whistle.store.schema import TABLES

SEARCHED = {
    "report.sealed_body",
    "message.sealed",
    "attachment.sealed",
    "case_event.sealed",
    "proposal.sealed",
    "proposal.sealed_decision",
}
#: Sealed columns without words of a case, or with words that its readers do not all have.
NOT_SEARCHED = {
    "person_key.sealed_*": "keys",
    "desk_key.sealed_to_recovery": "keys",
    "blind_key.sealed_to_recovery": "keys",
    "desk_seal.sealed": "keys",
    "blind_seal.sealed": "keys",
    "case_key.sealed_*": "keys",
    "case_seal.sealed": "keys",
    "merged_key.sealed": "keys",
    "report_key.sealed_to_reporter": "keys",
    "report_key.wrapped": "keys",
    "identity.half_*": "keys",
    "identity_seal.sealed": "keys",
    "identity.sealed_contact": "opened with two people's consent alone",
    "identity_asking*.sealed*": "why somebody asked to see a name, in the case's record: nothing of the matter",
    "recusal_request.sealed*": "sealed to who decides it and to its reporter, not to the case's readers",
    "interference.sealed": "sealed to who may read the register, not to the case's readers",
    "interference_seal.sealed": "keys",
    **dict.fromkeys(
        (
            "subject.sealed",
            "measure.sealed",
            "talk.sealed",
            "promise.sealed",
            "item.sealed",
            "excerpt.sealed",
        ),
        "what was written with the step that made it, whose event is looked through",
    ),
    "case_digest.sealed_*": "what is looked through",
    "last_search.sealed": "what was looked for",
    "officer_session.sealed": "a visit",
    "reporter_session.sealed": "a visit",
    "visit_file.sealed": "not sent yet",
    "file_view.sealed": "a look of minutes",
}


def test_every_sealed_column_is_looked_through_or_has_its_reason() -> None:
    sealed = {
        f"{model._meta.table_name}.{field.column_name}"
        for model in TABLES
        for field in model._meta.sorted_fields
        if any(fnmatch(field.column_name, pattern) for pattern in SEALED)
    }
    without_size = {name for name in sealed if not name.endswith("sealed_size")}
    left = {name for name in without_size if not any(fnmatch(name, pattern) for pattern in NOT_SEARCHED)}
    assert left == SEARCHED, "let `digests` look through these columns, or say in NOT_SEARCHED why not"
    stale = [p for p in NOT_SEARCHED if not any(fnmatch(name, p) for name in sealed)]
    assert stale == []
