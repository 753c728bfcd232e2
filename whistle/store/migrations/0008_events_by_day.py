"""Indexes for what happened in a month and since a meeting: a figure need not read every event there ever was."""

from typing import Any

STATEMENTS = (
    'CREATE INDEX "case_event_valid_on_action_case_id" ON "case_event" ("valid_on", "action", "case_id")',
    'CREATE INDEX "case_event_recorded_on_case_id" ON "case_event" ("recorded_on", "case_id")',
)


def up(migrator: Any, db: Any) -> None:
    """Make the two."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
