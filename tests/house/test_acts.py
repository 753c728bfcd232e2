"""Every act that the log can name is of administration and has words, or is named here as something else."""

import re

from whistle.config import ROOT
from whistle.services import administration
from whistle.web.admin.acts import ACTS, GROUPS

CODE = re.compile(r'append\(\s*"(?:other|key)",\s*"([a-z_]+)"')
#: Acts on cases, reports, keys and the own account. A new act of administration belongs into `web/admin/acts.py`.
OTHERS = frozenset(
    {
        "attachment",
        "blind_granted",
        "blind_key",
        "case",
        "case_key",
        "compared",
        "delegated",
        "desk_granted",
        "desk_key",
        "desk_key_retired",
        "file_opened",
        "granted",
        "half_granted",
        "half_taken",
        "identity",
        "identity_asked",
        "identity_asking_ended",
        "identity_given",
        "identity_looked",
        "identity_refused",
        "message",
        "notice",
        "notice_closed",
        "notice_settled",
        "opened",
        "overtaken",
        "package_again",
        "package_files",
        "password_changed",
        "person_key",
        "person_key_recovered",
        "person_key_retired",
        "person_key_to_recovery",
        "proposed",
        "receipt_salt",
        "recovery_code_used",
        "recovery_key",
        "recovery_key_checked",
        "recovery_key_retired",
        "recusal_request",
        "recusal_request_taken",
        "refused",
        "reminded",
        "related",
        "report",
        "rescued",
        "resealed",
        "revoked",
        "searched",
        "second_factor_changed",
        "series",
        "shut_out",
        "signed_in",
        "superior_key",
        "superior_key_confirmed",
        "superior_key_retired",
        "unit_shut_out",
        "withdrawn",
    }
)


def test_every_act_has_words_or_is_none_of_administration() -> None:
    texts = [path.read_text() for path in (ROOT / "whistle" / "services").rglob("*.py")]
    found = {code for text in texts for code in CODE.findall(text)}
    assert found - OTHERS - set(ACTS) == set(), (
        "write their words into web/admin/acts.py, or name them in OTHERS"
    )
    assert OTHERS & set(ACTS) == set()
    assert sorted(OTHERS - found - {"resealed"}) == [], "no such acts any more"


def test_what_can_be_chosen_has_words_and_a_way_to_read_it() -> None:
    assert set(GROUPS) == set(administration.GROUPS)
    assert {table for tables in administration.GROUPS.values() for table in tables} == set(
        administration._MODELS
    )
    assert set(administration.MOMENTS) <= set(ACTS)
