"""Recusals decided and answered, who was let in again, acting heads, and the register of interference.

Wishes for recusal come from others than reporters too. Their new columns are empty in older rows, so that the leaves
about these still match; SQLite drops no NOT NULL, so that the table is made anew there.
"""

from string import Formatter
from typing import Any

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "recusal" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "person_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "way" TEXT NOT NULL CHECK (way IN ('declared', 'imposed', 'asked')),
    "ground" TEXT NOT NULL,
    "state" TEXT NOT NULL CHECK (state IN ('suspended', 'in_force', 'refused', 'lifted')),
    "recorded_at" {instant} NOT NULL,
    "decided_by_id" INTEGER REFERENCES "person" ("id"),
    "decided_at" {instant},
    "paper" TEXT,
    "paper_on" TEXT,
    "lifted_by_id" INTEGER REFERENCES "person" ("id"),
    "lifted_at" {instant},
    "lift_paper" TEXT,
    "lift_paper_on" TEXT,
    CHECK ((state = 'suspended') = (decided_at IS NULL)),
    CHECK ((decided_at IS NULL) = (decided_by_id IS NULL)),
    CHECK (decided_by_id IS NULL OR decided_by_id <> person_id),
    CHECK ((paper IS NULL) = (paper_on IS NULL)),
    CHECK ((state = 'lifted') = (lifted_at IS NOT NULL)),
    CHECK ((lifted_at IS NULL) = (lifted_by_id IS NULL)),
    CHECK (lifted_by_id IS NULL OR lifted_by_id <> person_id),
    CHECK ((lift_paper IS NULL) = (lift_paper_on IS NULL))
){strict_without_rowid};
CREATE INDEX "recusal_case_id" ON "recusal" ("case_id");
CREATE INDEX "recusal_person_id" ON "recusal" ("person_id");
CREATE INDEX "recusal_decided_by_id" ON "recusal" ("decided_by_id");
CREATE INDEX "recusal_lifted_by_id" ON "recusal" ("lifted_by_id");
CREATE UNIQUE INDEX "recusal_standing" ON "recusal" ("case_id", "person_id")
    WHERE state IN ('suspended', 'in_force');
CREATE TABLE "clearance" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "person_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "of" TEXT NOT NULL CHECK (of IN ('unit', 'name')),
    "decided_by_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "decided_at" {instant} NOT NULL,
    "ended_at" {instant},
    CHECK (decided_by_id <> person_id)
){strict_without_rowid};
CREATE INDEX "clearance_case_id" ON "clearance" ("case_id");
CREATE INDEX "clearance_person_id" ON "clearance" ("person_id");
CREATE INDEX "clearance_decided_by_id" ON "clearance" ("decided_by_id");
CREATE UNIQUE INDEX "clearance_standing" ON "clearance" ("case_id", "person_id", "of") WHERE ended_at IS NULL;
CREATE TABLE "acting_head" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "person_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "case_id" TEXT REFERENCES "case" ("id"),
    "from_on" TEXT NOT NULL,
    "to_on" TEXT,
    "paper" TEXT NOT NULL,
    "paper_on" TEXT NOT NULL,
    "entered_by_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "recorded_at" {instant} NOT NULL,
    "ended_by_id" INTEGER REFERENCES "person" ("id"),
    "ended_at" {instant},
    CHECK ((case_id IS NULL) = (to_on IS NOT NULL)),
    CHECK (to_on IS NULL OR to_on >= from_on)
){strict_without_rowid};
CREATE INDEX "acting_head_person_id" ON "acting_head" ("person_id");
CREATE INDEX "acting_head_case_id" ON "acting_head" ("case_id");
CREATE INDEX "acting_head_entered_by_id" ON "acting_head" ("entered_by_id");
CREATE INDEX "acting_head_ended_by_id" ON "acting_head" ("ended_by_id");
CREATE TABLE "interference" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "recorded_on" TEXT NOT NULL,
    "sealed" {blob} NOT NULL
){strict_without_rowid};
CREATE INDEX "interference_recorded_on" ON "interference" ("recorded_on");
CREATE TABLE "interference_seal" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "interference_id" TEXT NOT NULL REFERENCES "interference" ("id"),
    "person_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "person_key_id" INTEGER NOT NULL REFERENCES "person_key" ("id"),
    "sealed" {blob} NOT NULL
){strict_without_rowid};
CREATE INDEX "interference_seal_interference_id" ON "interference_seal" ("interference_id");
CREATE INDEX "interference_seal_person_id" ON "interference_seal" ("person_id");
CREATE INDEX "interference_seal_person_key_id" ON "interference_seal" ("person_key_id");
CREATE UNIQUE INDEX "interference_seal_interference_id_person_id"
    ON "interference_seal" ("interference_id", "person_id");
"""

OLD = '"id", "case_id", "report", "person_id", "person_key_id", "sealed", "sealed_to_reporter", "made_on"'
WISHES_SQLITE = f"""
CREATE TABLE "asked" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "case_id" TEXT NOT NULL REFERENCES "case" ("id"),
    "wish" TEXT,
    "report" TEXT,
    "recusal_id" TEXT REFERENCES "recusal" ("id"),
    "person_id" INTEGER NOT NULL REFERENCES "person" ("id"),
    "person_key_id" INTEGER NOT NULL REFERENCES "person_key" ("id"),
    "sealed" BLOB,
    "sealed_to_reporter" BLOB,
    "made_on" TEXT NOT NULL,
    "outcome" TEXT CHECK (outcome IN ('granted', 'refused')),
    "answered_on" TEXT,
    "sealed_answer" BLOB,
    CHECK ((report IS NULL) = (sealed_to_reporter IS NULL)),
    CHECK (report IS NULL OR recusal_id IS NULL),
    CHECK ((outcome IS NULL) = (answered_on IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO "asked" ({OLD}) SELECT {OLD} FROM "recusal_request";
DROP TABLE "recusal_request";
ALTER TABLE "asked" RENAME TO "recusal_request";
CREATE INDEX "recusal_request_case_id" ON "recusal_request" ("case_id");
CREATE INDEX "recusal_request_person_id" ON "recusal_request" ("person_id");
CREATE INDEX "recusal_request_person_key_id" ON "recusal_request" ("person_key_id");
CREATE INDEX "recusal_request_recusal_id" ON "recusal_request" ("recusal_id")
"""  # noqa: S608 - nothing of it comes from outside

WISHES_POSTGRESQL = """
ALTER TABLE "recusal_request"
    ALTER COLUMN "report" DROP NOT NULL,
    ALTER COLUMN "sealed_to_reporter" DROP NOT NULL,
    ADD COLUMN "wish" TEXT,
    ADD COLUMN "recusal_id" TEXT REFERENCES "recusal" ("id"),
    ADD COLUMN "outcome" TEXT CHECK (outcome IN ('granted', 'refused')),
    ADD COLUMN "answered_on" TEXT,
    ADD COLUMN "sealed_answer" BYTEA,
    ADD CHECK ((report IS NULL) = (sealed_to_reporter IS NULL)),
    ADD CHECK (report IS NULL OR recusal_id IS NULL),
    ADD CHECK ((outcome IS NULL) = (answered_on IS NULL));
CREATE INDEX "recusal_request_recusal_id" ON "recusal_request" ("recusal_id")
"""

SQLITE = {"blob": "BLOB", "instant": "INTEGER", "strict_without_rowid": " STRICT, WITHOUT ROWID"}
POSTGRESQL = {"blob": "BYTEA", "instant": "BIGINT", "strict_without_rowid": ""}


def up(migrator: Any, db: Any) -> None:
    """Make the new tables, then let wishes come from others and have an answer."""
    is_sqlite = isinstance(db, SqliteDatabase)
    tables = Formatter().vformat(TABLES, (), SQLITE if is_sqlite else POSTGRESQL)
    for statement in (tables + (WISHES_SQLITE if is_sqlite else WISHES_POSTGRESQL)).split(";\n"):
        if statement.strip():
            db.execute_sql(statement.strip())
