"""The transparency log: every act leaves a leaf in its own transaction, and everything can be checked."""

from whistle.services.ledger.checking import NoNote, Unreadable, Verification, verify
from whistle.services.ledger.findings import KINDS, MOST, REASONS, Finding
from whistle.services.ledger.leaves import (
    NO_LEAF,
    TYPES,
    append,
    logged_tables,
    matches,
    matching,
    openings_about,
    resealed,
)
from whistle.services.ledger.signing import (
    LogDamaged,
    LogEmpty,
    PublicCheckpoint,
    SigningKeyMissing,
    has_checkpoint,
    make_checkpoint,
    use_instance,
)

__all__ = [
    "KINDS",
    "MOST",
    "NO_LEAF",
    "REASONS",
    "TYPES",
    "Finding",
    "LogDamaged",
    "LogEmpty",
    "NoNote",
    "PublicCheckpoint",
    "SigningKeyMissing",
    "Unreadable",
    "Verification",
    "append",
    "has_checkpoint",
    "logged_tables",
    "make_checkpoint",
    "matches",
    "matching",
    "openings_about",
    "resealed",
    "use_instance",
    "verify",
]
