"""Grants under keyrings, and what searching and comparing keep."""

from string import Formatter
from typing import Any

from peewee import SqliteDatabase

TABLES = """
ALTER TABLE "case_seal" ADD COLUMN "is_moved" {bool} NOT NULL DEFAULT {false};
CREATE INDEX "case_seal_to_move_person" ON "case_seal" ("person_id") WHERE NOT "is_moved";
CREATE INDEX "case_seal_to_move_desk" ON "case_seal" ("desk_key_id") WHERE NOT "is_moved";
CREATE TABLE "case_digest" (
    "case_id" TEXT NOT NULL PRIMARY KEY REFERENCES "case" ("id"),
    "generation" INTEGER NOT NULL,
    "events" INTEGER NOT NULL,
    "proposals" INTEGER NOT NULL,
    "reports" INTEGER NOT NULL,
    "sealed_folded" {blob} NOT NULL,
    "sealed_pieces" {blob} NOT NULL,
    "sealed_traits" {blob} NOT NULL
){strict_without_rowid};
CREATE TABLE "relation" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "other_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "about" TEXT NOT NULL CHECK (about IN ('matter', 'person')),
    "is_so" {bool} NOT NULL,
    "by_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "recorded_at" {instant} NOT NULL,
    CHECK (case_id < other_id)
){strict_without_rowid};
CREATE INDEX "relation_case_id" ON "relation" ("case_id");
CREATE INDEX "relation_other_id" ON "relation" ("other_id");
CREATE INDEX "relation_by_id" ON "relation" ("by_id");
CREATE UNIQUE INDEX "relation_case_id_other_id_about" ON "relation" ("case_id", "other_id", "about");
CREATE TABLE "last_search" (
    "session_id" INTEGER NOT NULL PRIMARY KEY REFERENCES "officer_session" ("id") ON DELETE CASCADE,
    "sealed" {blob} NOT NULL
){strict_without_rowid};
"""

SQLITE = {
    "instant": "INTEGER",
    "bool": "INTEGER",
    "false": "0",
    "blob": "BLOB",
    "strict_without_rowid": " STRICT, WITHOUT ROWID",
}
POSTGRESQL = {
    "instant": "BIGINT",
    "bool": "BOOLEAN",
    "false": "FALSE",
    "blob": "BYTEA",
    "strict_without_rowid": "",
}


def up(migrator: Any, db: Any) -> None:
    """Make them, as strict as those of the first form."""
    words = SQLITE if isinstance(db, SqliteDatabase) else POSTGRESQL
    for statement in Formatter().vformat(TABLES, (), words).split(";\n"):
        if statement.strip():
            db.execute_sql(statement.strip())
