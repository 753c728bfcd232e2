"""Indexes that hold what a desk's list asks, so that ten thousand rows with their seals need not be read for it."""

from typing import Any

STATEMENTS = (
    'CREATE INDEX "case_seal_desk_key_id_case_id" ON "case_seal" ("desk_key_id", "case_id")',
    'CREATE INDEX "clock_state_due_on_case_id" ON "clock" ("state", "due_on", "case_id")',
    'DROP INDEX "clock_state_due_on"',
)


def up(migrator: Any, db: Any) -> None:
    """Make the two, and drop the one that the second begins with."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
