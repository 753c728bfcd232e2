"""Masked excerpts of cases, which a second person confirms before they are shown to others."""

from string import Formatter
from typing import Any

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "excerpt" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "state" TEXT NOT NULL CHECK (state IN ('drafted', 'returned', 'confirmed', 'withdrawn')),
    "sealed" {blob} NOT NULL,
    "generation" INTEGER NOT NULL,
    "made_on" TEXT NOT NULL
){random};
CREATE INDEX "excerpt_case_id" ON "excerpt" ("case_id")
"""

SQLITE = {"blob": "BLOB", "random": " WITHOUT ROWID, STRICT"}
POSTGRESQL = {"blob": "BYTEA", "random": ""}


def up(migrator: Any, db: Any) -> None:
    """Make the table."""
    words = SQLITE if isinstance(db, SqliteDatabase) else POSTGRESQL
    for statement in Formatter().vformat(TABLES, (), words).split(";\n"):
        if statement.strip():
            db.execute_sql(statement.strip())
