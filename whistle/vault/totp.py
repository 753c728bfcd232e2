"""The second factor: one-time codes by the clock (RFC 6238: SHA-1, 6 digits, 30 seconds), as apps read them.

The seed is 160 random bits in base32 (32 letters). A code is accepted one step early or late, for clocks
that are not exact, and each step only once: the caller keeps the step that was last accepted and gives it
back.
"""

import hmac
from datetime import datetime

import pyotp

from whistle.vault.keys import typed_digits

STEP_SECONDS = 30
DRIFT_STEPS = 1
DIGITS = 6


def new_totp_seed() -> str:
    """A fresh seed in base32, as an app takes it."""
    return pyotp.random_base32()


def totp_uri(seed: str, name: str, issuer: str) -> str:
    """The `otpauth://` address that the QR code holds."""
    return pyotp.TOTP(seed).provisioning_uri(name=name, issuer_name=issuer)


def check_totp(seed: str, code: str, at: datetime, last_step: int) -> int | None:
    """The step this code belongs to, later than `last_step`, or None when it is wrong or was used."""
    typed = typed_digits(code)
    if len(typed) != DIGITS:
        return None
    if at.tzinfo is None:
        raise ValueError("an instant has a time zone")
    totp = pyotp.TOTP(seed, digits=DIGITS, interval=STEP_SECONDS)
    now = int(at.timestamp()) // STEP_SECONDS
    fitting = [
        step
        for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1)
        if step > last_step and hmac.compare_digest(totp.generate_otp(step), typed)
    ]
    return min(fitting, default=None)
