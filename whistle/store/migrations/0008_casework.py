"""Casework after acceptance: findings, reviewers, kinds of leave, and the things of a case with states of their own."""

from string import Formatter
from typing import Any

from peewee import SqliteDatabase

COLUMNS = (
    ("case", "finding", "TEXT"),
    ("case", "reviewer_id", 'INTEGER REFERENCES "person" ("id")'),
    ("proposal", "approval", "TEXT"),
    ("proposal", "delegated_to_id", 'INTEGER REFERENCES "person" ("id")'),
)

TABLES = """
CREATE INDEX "case_reviewer_id" ON "case" ("reviewer_id");
CREATE INDEX "proposal_delegated_to_id" ON "proposal" ("delegated_to_id");
CREATE TABLE "subject" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "state" TEXT NOT NULL CHECK (state IN ('listed', 'removed')),
    "sealed" {blob} NOT NULL,
    "generation" INTEGER NOT NULL,
    "made_on" TEXT NOT NULL
){random};
CREATE INDEX "subject_case_id" ON "subject" ("case_id");
CREATE TABLE "measure" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "state" TEXT NOT NULL CHECK (state IN ('proposed', 'dropped', 'decided', 'delivered', 'ended')),
    "code" TEXT NOT NULL,
    "subject_id" TEXT REFERENCES "subject" ("id"),
    "unit_id" INTEGER REFERENCES "unit" ("id"),
    "decided_on" TEXT,
    "delivered_on" TEXT,
    "sealed" {blob} NOT NULL,
    "generation" INTEGER NOT NULL,
    "made_on" TEXT NOT NULL,
    CHECK ((subject_id IS NULL) <> (unit_id IS NULL)),
    CHECK ((state IN ('proposed', 'dropped')) = (decided_on IS NULL)),
    CHECK (delivered_on IS NULL OR decided_on IS NOT NULL)
){random};
CREATE INDEX "measure_case_id" ON "measure" ("case_id");
CREATE INDEX "measure_subject_id" ON "measure" ("subject_id");
CREATE INDEX "measure_unit_id" ON "measure" ("unit_id");
CREATE TABLE "talk" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "state" TEXT NOT NULL CHECK (state IN ('planned', 'held')),
    "planned_on" TEXT NOT NULL,
    "sealed" {blob} NOT NULL,
    "generation" INTEGER NOT NULL,
    "made_on" TEXT NOT NULL
){random};
CREATE INDEX "talk_case_id" ON "talk" ("case_id");
CREATE TABLE "promise" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "state" TEXT NOT NULL CHECK (state IN ('given', 'kept')),
    "talk_id" TEXT NOT NULL REFERENCES "talk" ("id"),
    "due_on" TEXT NOT NULL,
    "sealed" {blob} NOT NULL,
    "generation" INTEGER NOT NULL,
    "made_on" TEXT NOT NULL
){random};
CREATE INDEX "promise_case_id" ON "promise" ("case_id");
CREATE INDEX "promise_talk_id" ON "promise" ("talk_id");
CREATE TABLE "item" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "state" TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'returned', 'struck_off')),
    "unit_id" INTEGER REFERENCES "unit" ("id"),
    "due_on" TEXT,
    "sealed" {blob} NOT NULL,
    "generation" INTEGER NOT NULL,
    "made_on" TEXT NOT NULL
){random};
CREATE INDEX "item_case_id" ON "item" ("case_id");
CREATE INDEX "item_unit_id" ON "item" ("unit_id")
"""

SQLITE = {"blob": "BLOB", "random": " WITHOUT ROWID, STRICT"}
POSTGRESQL = {"blob": "BYTEA", "random": ""}


def up(migrator: Any, db: Any) -> None:
    """Add the columns, all of which may be NULL, and make the tables."""
    for table, column, type in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {type}')
    words = SQLITE if isinstance(db, SqliteDatabase) else POSTGRESQL
    for statement in Formatter().vformat(TABLES, (), words).split(";\n"):
        if statement.strip():
            db.execute_sql(statement.strip())
