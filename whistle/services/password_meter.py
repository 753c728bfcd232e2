"""How hard a password is to guess, for the meter beside its field: told to whoever may set it, kept nowhere."""

from dataclasses import dataclass

from whistle.services import accounts, office
from whistle.services.access import Acting
from whistle.vault import passwords


@dataclass(frozen=True, slots=True)
class Weight:
    """`score` from 0 to 4; `grade` is short, long, weak, good or strong, and the first three are refused."""

    score: int
    grade: str


def of_invited(token: str, password: str) -> Weight:
    """For the person of an invitation; raises NotFound when the link is dead."""
    person = accounts.invitation(token)
    return _weigh(password, person.user_name, person.name)


def of_own(by: Acting, password: str) -> Weight:
    """For a signed-in person."""
    person = accounts.own(by)
    return _weigh(password, person.user_name, person.name)


def _weigh(password: str, *names: str) -> Weight:
    here = office.about()
    words = [*names] if here is None else [*names, here.name_zh, here.name_en]
    strength = passwords.strength(password, words)
    return Weight(strength.score, _grade(strength))


def _grade(strength: passwords.Strength) -> str:
    if strength.length < passwords.SHORTEST:
        return "short"
    if strength.length > passwords.LONGEST:
        return "long"
    if not strength.is_acceptable:
        return "weak"
    return "strong" if strength.score > passwords.LEAST_SCORE else "good"
