"""Reminders of due days and the outbox they leave by; a person's e-mail, and from when on a clock is amber."""

from string import Formatter
from typing import Any

from peewee import SqliteDatabase

#: `amber_on` of what runs is counted by the worker's first round; until then nobody is reminded before the due day.
TABLES = """
ALTER TABLE "person" ADD COLUMN "email" TEXT;
ALTER TABLE "clock" ADD COLUMN "amber_on" TEXT NOT NULL DEFAULT '';
UPDATE "clock" SET "amber_on" = "due_on";
CREATE INDEX "clock_state_amber_on_id" ON "clock" ("state", "amber_on", "id");
CREATE TABLE "notice" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "person_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "state" TEXT NOT NULL CHECK (state IN ('open', 'waiting', 'sent', 'given_up', 'kept')),
    "counts" TEXT,
    "made_on" TEXT,
    "attempts" INTEGER NOT NULL,
    "next_try_at" {instant},
    "settled_on" TEXT,
    "why" TEXT,
    CHECK ((state = 'open') = (made_on IS NULL)),
    CHECK ((state = 'waiting') = (next_try_at IS NOT NULL)),
    CHECK ((state IN ('open', 'waiting')) = (settled_on IS NULL))
){strict_without_rowid};
CREATE INDEX "notice_person_id" ON "notice" ("person_id");
CREATE UNIQUE INDEX "notice_person_id_made_on" ON "notice" ("person_id", "made_on");
CREATE INDEX "notice_state_next_try_at" ON "notice" ("state", "next_try_at");
CREATE UNIQUE INDEX "notice_open" ON "notice" ("person_id") WHERE (state = 'open');
CREATE TABLE "reminder" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "report" TEXT NOT NULL,
    "clock" TEXT NOT NULL,
    "started_on" TEXT NOT NULL,
    "due_on" TEXT NOT NULL,
    "level" TEXT NOT NULL CHECK (level IN ('before', 'due', 'after')),
    "made_on" TEXT NOT NULL
){strict_without_rowid};
CREATE INDEX "reminder_case_id" ON "reminder" ("case_id");
CREATE UNIQUE INDEX "reminder_case_id_clock_report_started_on_due_on_level"
    ON "reminder" ("case_id", "clock", "report", "started_on", "due_on", "level");
CREATE TABLE "told" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "reminder_id" TEXT NOT NULL REFERENCES "reminder" ("id"),
    "notice_id" TEXT NOT NULL REFERENCES "notice" ("id")
){strict_without_rowid};
CREATE INDEX "told_reminder_id" ON "told" ("reminder_id");
CREATE INDEX "told_notice_id" ON "told" ("notice_id");
CREATE UNIQUE INDEX "told_notice_id_reminder_id" ON "told" ("notice_id", "reminder_id");
"""

SQLITE = {"instant": "INTEGER", "strict_without_rowid": " STRICT, WITHOUT ROWID"}
POSTGRESQL = {"instant": "BIGINT", "strict_without_rowid": ""}


def up(migrator: Any, db: Any) -> None:
    """Make the tables, as strict as those of the first form."""
    words = SQLITE if isinstance(db, SqliteDatabase) else POSTGRESQL
    for statement in Formatter().vformat(TABLES, (), words).split(";\n"):
        if statement.strip():
            db.execute_sql(statement.strip())
