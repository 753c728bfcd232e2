"""What can go wrong in the vault, named for what the caller can do about it."""


class VaultError(Exception):
    """Base of all the vault's refusals; never raised itself."""


class SealBroken(VaultError):
    """Wrong key, wrong context, damaged or cut: which of them cannot be told, and must not be."""


class UnknownFormat(VaultError):
    """The version or suite byte is not one this code can read here; the message names it."""

    def __init__(self, version: int, suite: int | None = None) -> None:
        self.version = version
        self.suite = suite
        what = f"version byte {version}" if suite is None else f"suite byte {suite} of version {version}"
        super().__init__(f"unknown format: {what}")


class ReceiptMistyped(VaultError):
    """Not 24 digits, or the check digit disagrees: surely a slip, so no slow hash is spent on it."""


class ReceiptUnclear(ReceiptMistyped):
    """More digits than a code has, and not one choice among them that is a code; `digits` counts them."""

    def __init__(self, digits: int) -> None:
        self.digits = digits
        super().__init__(f"{digits} digits")


class SheetMistyped(VaultError):
    """Not a recovery sheet; `group` counts from 1 and names the place when that is known."""

    def __init__(self, reason: str, group: int | None = None) -> None:
        self.reason = reason
        self.group = group
        super().__init__(reason if group is None else f"{reason} in group {group}")
