"""The key of a merged case for whoever opens the case it was merged into. Earlier merges have none."""

from string import Formatter
from typing import Any

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "merged_key" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "target_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "generation" {int} NOT NULL,
    "target_generation" {int} NOT NULL,
    "sealed" {blob} NOT NULL
){strict_without_rowid};
CREATE UNIQUE INDEX "merged_key_case_id" ON "merged_key" ("case_id");
CREATE INDEX "merged_key_target_id" ON "merged_key" ("target_id");
"""


def up(migrator: Any, db: Any) -> None:
    """Make the table, as strict as those of the first form."""
    if isinstance(db, SqliteDatabase):
        types = {"int": "INTEGER", "blob": "BLOB", "strict_without_rowid": " STRICT, WITHOUT ROWID"}
    else:
        types = {"int": "INTEGER", "blob": "BYTEA", "strict_without_rowid": ""}
    for statement in Formatter().vformat(TABLES, (), types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement.strip())
