"""The shell invites as an administrator would, and is no person."""

import pytest

from tests.people import Town
from whistle.services import accounts
from whistle.services.errors import NotAllowed
from whistle.services.shell import SHELL, person_of


def test_the_shell_invites_and_lets_nobody_in(town: Town) -> None:
    token = accounts.invite(SHELL, "second", "第二位", "admin")
    assert town.activate(token).role == "admin"
    assert person_of(SHELL) is None
    assert person_of(town["admin"]) == town["admin"].person_id


def test_the_shell_deactivates_nobody(town: Town) -> None:
    with pytest.raises(NotAllowed):
        accounts.deactivate(SHELL, town["admin"].person_id)  # type: ignore[arg-type]
