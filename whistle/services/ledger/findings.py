"""What a check of the log can find: the kinds, each of which has its words at the shell and on the auditor's page."""

from dataclasses import dataclass

#: Findings listed at most; beyond that the log is ruined and a longer list helps nobody.
MOST = 1000

KINDS = frozenset(
    {
        # leaves and tree
        "gap",
        "leaf_hash",
        "commitment",
        "entry",
        "node",
        "size",
        "root",
        # signatures, and a note that somebody kept elsewhere
        "checkpoint_missing",
        "checkpoint_size",
        "checkpoint_root",
        "checkpoint_signature",
        "kept_signature",
        "kept_size",
        "kept_root",
        # rows
        "row_changed",
        "row_missing",
        "row_back",
        "row_without_leaf",
        # what has no leaves
        "case_without_seal",
        "report_without_key",
        "message_without_key",
        "identity_without_seal",
        "desk_key_without_seal",
        "blind_key_without_seal",
        "interference_without_seal",
        "clock_differs",
        "file_missing",
        "file_changed",
    }
)

#: What can keep a check from being complete.
REASONS = frozenset(
    {
        "log_empty",
        "checkpoint_signatures",
        "checkpoint_old",
        "signatures_missing",
        "checkpoint_root",
        "more_findings",
        "files_without_hash",
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not match: a code of KINDS, the leaf's position or the checkpoint's size, and words.

    `table` and `row` name the row it is about, where there is one.
    """

    kind: str
    index: int | None
    what: str
    table: str = ""
    row: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no kind of finding")


def about(kind: str, table: str, row: object, index: int | None = None) -> Finding:
    """A finding about one row."""
    return Finding(kind, index, f"{table} {row}", table, str(row))
