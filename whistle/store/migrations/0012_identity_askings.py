"""Who asked to see a real-name reporter's contact, who consented until when, and each look at it."""

from string import Formatter
from typing import Any

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "identity_asking" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "report_id" TEXT NOT NULL REFERENCES "report" ("id"),
    "person_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "sealed" {blob} NOT NULL,
    "generation" INTEGER NOT NULL,
    "asked_at" {instant} NOT NULL,
    "state" TEXT NOT NULL CHECK (state IN ('waiting', 'given', 'refused', 'ended')),
    "decided_by_id" INTEGER REFERENCES "person" ("id"),
    "decided_at" {instant},
    "sealed_answer" {blob},
    "answer_generation" INTEGER,
    "until_at" {instant},
    "is_page_only" {bool} NOT NULL,
    "person_key_id" INTEGER REFERENCES "person_key" ("id"),
    "sealed_half" {blob},
    "ended_at" {instant},
    "ended_why" TEXT CHECK (ended_why IN ('withdrawn', 'given_back', 'taken_back', 'time', 'lost')),
    CHECK (decided_by_id IS NULL OR decided_by_id <> person_id),
    CHECK ((decided_by_id IS NULL) = (decided_at IS NULL)),
    CHECK ((state = 'waiting' AND decided_at IS NULL) OR state = 'ended' OR decided_at IS NOT NULL),
    CHECK ((state = 'given') = (sealed_half IS NOT NULL)),
    CHECK (state <> 'given' OR until_at IS NOT NULL),
    CHECK (until_at IS NULL OR (until_at > decided_at AND until_at <= decided_at + 604800)),
    CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CHECK ((ended_at IS NULL) = (ended_why IS NULL)),
    CHECK ((sealed_answer IS NULL) = (answer_generation IS NULL))
){strict_without_rowid};
CREATE INDEX "identity_asking_report_id" ON "identity_asking" ("report_id");
CREATE INDEX "identity_asking_person_id" ON "identity_asking" ("person_id");
CREATE INDEX "identity_asking_decided_by_id" ON "identity_asking" ("decided_by_id");
CREATE INDEX "identity_asking_person_key_id" ON "identity_asking" ("person_key_id");
CREATE INDEX "identity_asking_state_until_at" ON "identity_asking" ("state", "until_at");
CREATE UNIQUE INDEX "identity_asking_live" ON "identity_asking" ("report_id", "person_id")
    WHERE state IN ('waiting', 'given');
CREATE TABLE "identity_asking_seal" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "asking_id" TEXT NOT NULL REFERENCES "identity_asking" ("id"),
    "person_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "person_key_id" INTEGER NOT NULL REFERENCES "person_key" ("id"),
    "sealed" {blob} NOT NULL
){strict_without_rowid};
CREATE INDEX "identity_asking_seal_asking_id" ON "identity_asking_seal" ("asking_id");
CREATE INDEX "identity_asking_seal_person_id" ON "identity_asking_seal" ("person_id");
CREATE INDEX "identity_asking_seal_person_key_id" ON "identity_asking_seal" ("person_key_id");
CREATE UNIQUE INDEX "identity_asking_seal_asking_id_person_id"
    ON "identity_asking_seal" ("asking_id", "person_id");
CREATE TABLE "identity_look" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "asking_id" TEXT NOT NULL REFERENCES "identity_asking" ("id"),
    "recorded_at" {instant} NOT NULL
){strict_without_rowid};
CREATE INDEX "identity_look_asking_id" ON "identity_look" ("asking_id");
"""

SQLITE = {
    "blob": "BLOB",
    "instant": "INTEGER",
    "bool": "INTEGER",
    "strict_without_rowid": " STRICT, WITHOUT ROWID",
}
POSTGRESQL = {"blob": "BYTEA", "instant": "BIGINT", "bool": "BOOLEAN", "strict_without_rowid": ""}


def up(migrator: Any, db: Any) -> None:
    """Make the tables, as strict as those of the first form."""
    words = SQLITE if isinstance(db, SqliteDatabase) else POSTGRESQL
    for statement in Formatter().vformat(TABLES, (), words).split(";\n"):
        if statement.strip():
            db.execute_sql(statement.strip())
