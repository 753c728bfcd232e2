"""Another authenticator: for who knows the password; the one before is dead at once."""

import pyotp
import pytest

from tests.people import PASSWORD, Town
from whistle.services import second_factor, sessions
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.store.offices import Office


def test_the_new_one_opens_the_account_and_the_old_one_no_more(staffed: Town) -> None:
    other, secret = staffed.sign_in("intake"), staffed.sign_in("intake")
    staffed.wait(minutes=1)
    acting, old = sessions.acting(secret), staffed.totp["intake"]
    offered = second_factor.offer(acting)
    assert offered is not None
    assert second_factor.offer(acting, offered.seed) == offered
    signed = second_factor.change(acting, PASSWORD, offered.seed, pyotp.TOTP(offered.seed).at(staffed.now))
    assert sessions.acting(signed.secret).seed == acting.seed
    for ended in (other, secret):
        with pytest.raises(NotFound):
            sessions.acting(ended)
    staffed.wait(minutes=1)
    half = sessions.sign_in("intake", PASSWORD)
    with pytest.raises(Invalid, match="code"):
        sessions.second_factor(half.secret, pyotp.TOTP(old).at(staffed.now))
    assert sessions.second_factor(half.secret, pyotp.TOTP(offered.seed).at(staffed.now)).stage == "open"


def test_neither_an_open_window_nor_a_seed_alone_is_enough(staffed: Town) -> None:
    acting, old = sessions.acting(staffed.sign_in("intake")), staffed.totp["intake"]
    offered = second_factor.offer(acting)
    assert offered is not None
    code = pyotp.TOTP(offered.seed).at(staffed.now)
    for password, seed, typed in (
        ("geraten-und-falsch", offered.seed, code),
        (PASSWORD, offered.seed, "000000"),
        (PASSWORD, "", code),
        (PASSWORD, "A" * 31, code),
        (PASSWORD, "a" * 32, code),
    ):
        with pytest.raises(Invalid):
            second_factor.change(acting, password, seed, typed)
    staffed.wait(minutes=1)
    half = sessions.sign_in("intake", PASSWORD)
    assert sessions.second_factor(half.secret, pyotp.TOTP(old).at(staffed.now)).stage == "open"


def test_what_the_page_brings_back_is_believed_only_in_the_form_of_a_seed(staffed: Town) -> None:
    acting = staffed["intake"]
    for seed in ("", "<svg>", "A" * 33):
        offered = second_factor.offer(acting, seed)
        assert offered is not None
        assert offered.seed != seed


def test_a_trial_has_none(staffed: Town) -> None:
    acting = staffed["intake"]
    Office.update(mode="trial").execute()
    assert second_factor.offer(acting) is None
    with pytest.raises(Conflict, match="no_second_factor"):
        second_factor.change(acting, PASSWORD, "A" * 32, "000000")
