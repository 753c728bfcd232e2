"""Indexes for what happened in a month and since a meeting, and for what is due first in a case.

A figure need not read every event there ever was, nor an officer's list every clock of the office.
"""

from typing import Any

STATEMENTS = (
    'CREATE INDEX "case_event_valid_on_action_case_id" ON "case_event" ("valid_on", "action", "case_id")',
    'CREATE INDEX "case_event_recorded_on_case_id" ON "case_event" ("recorded_on", "case_id")',
    'CREATE INDEX "clock_case_id_state_due_on" ON "clock" ("case_id", "state", "due_on")',
    'DROP INDEX "clock_case_id"',
)


def up(migrator: Any, db: Any) -> None:
    """Make the three, and drop the one that the last begins with."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
