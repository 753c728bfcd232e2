"""Files that reporters attach, and the minutes in which an officer looks at one."""

from string import Formatter
from typing import Any

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "visit_file" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "visit_id" TEXT NOT NULL REFERENCES "reporter_session" ("id") ON DELETE CASCADE,
    "sealed" {blob} NOT NULL,
    "sealed_size" INTEGER NOT NULL CHECK (sealed_size > 0)
){strict_without_rowid};
CREATE INDEX "visit_file_visit_id" ON "visit_file" ("visit_id");
CREATE TABLE "attachment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "report_id" TEXT NOT NULL REFERENCES "report" ("id"),
    "message_id" TEXT REFERENCES "message" ("id"),
    "generation" INTEGER NOT NULL,
    "sealed" {blob} NOT NULL,
    "sealed_size" INTEGER NOT NULL CHECK (sealed_size > 0)
){strict_without_rowid};
CREATE INDEX "attachment_report_id" ON "attachment" ("report_id");
CREATE INDEX "attachment_message_id" ON "attachment" ("message_id");
CREATE TABLE "file_view" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "attachment_id" TEXT NOT NULL REFERENCES "attachment" ("id"),
    "session_id" INTEGER NOT NULL REFERENCES "officer_session" ("id") ON DELETE CASCADE,
    "sealed" {blob} NOT NULL,
    "expires_at" {instant} NOT NULL
){strict_without_rowid};
CREATE INDEX "file_view_attachment_id" ON "file_view" ("attachment_id");
CREATE INDEX "file_view_session_id" ON "file_view" ("session_id");
CREATE INDEX "file_view_expires_at" ON "file_view" ("expires_at");
"""

SQLITE = {"blob": "BLOB", "instant": "INTEGER", "strict_without_rowid": " STRICT, WITHOUT ROWID"}
POSTGRESQL = {"blob": "BYTEA", "instant": "BIGINT", "strict_without_rowid": ""}


def up(migrator: Any, db: Any) -> None:
    """Make the tables, as strict as those of the first form."""
    words = SQLITE if isinstance(db, SqliteDatabase) else POSTGRESQL
    for statement in Formatter().vformat(TABLES, (), words).split(";\n"):
        if statement.strip():
            db.execute_sql(statement.strip())
