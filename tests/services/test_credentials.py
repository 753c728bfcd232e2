"""What a password protects, and that a person who does not exist costs the same work."""

import pytest

from tests.people import PASSWORD, Town
from whistle.services import credentials, slow_hash
from whistle.services.errors import Conflict
from whistle.store.people import PersonKey


def test_every_try_costs_one_hash_whoever_it_is(staffed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    run = slow_hash.of_password
    monkeypatch.setattr(slow_hash, "of_password", lambda *given: runs.append(1) or run(*given))
    for person, password in ((None, "x"), (staffed.person("head"), "x"), (staffed.person("head"), PASSWORD)):
        runs.clear()
        credentials.check(person, password)
        assert len(runs) == 1


def test_another_persons_sealed_key_does_not_open(staffed: Town) -> None:
    head, key = staffed.person("head"), staffed.key("head")
    wrap_key = credentials.check(head, PASSWORD)
    assert wrap_key is not None
    assert credentials.open_private(key, wrap_key) == staffed["head"].seed
    PersonKey.update(sealed_private=key.sealed_totp).where(PersonKey.id == key.id).execute()
    with pytest.raises(Conflict, match="key_damaged"):
        credentials.open_private(staffed.key("head"), wrap_key)
