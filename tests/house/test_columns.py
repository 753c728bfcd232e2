"""Every column that is not sealed stands here with the reason; so does every column that keeps an instant.

Add a column: say here why it may lie in the clear, or seal it. Reporter-caused rows keep days, never instants.
"""

import ast
from fnmatch import fnmatch

from whistle.config import ROOT
from whistle.rules.taxonomy import ORIGINS
from whistle.rules.workflow import ACTIONS
from whistle.store.base import Table
from whistle.store.fields import InstantField
from whistle.store.schema import TABLES

#: table.column (or a pattern) → why it may be read by whoever takes the database.
CLEAR = {
    "*.id": "a row needs a name; reporter-caused rows have random ones",
    "*.case_id": "which case a row belongs to; the ids are random",
    "*.report_id": "which report a row belongs to; the ids are random",
    "*.person_id": "who of the office; who may read what is no secret of content",
    "*.person_key_id": "which key of whom",
    "*.by_id": "which officer acted",
    "*.desk_id": "which desk of the office",
    "*.desk_key_id": "which key of which desk",
    "*.superior_key_id": "which of the superior's keys",
    "case.officer_id": "who is in charge (vault: clear columns)",
    "case.taken_in_by_id": "who took it in and stays answerable",
    "case.unit_id": "the unit as registered by an officer (vault: clear columns)",
    "report.channel_id": "the channel it came by (vault: clear columns)",
    "report.unit_id": "the unit reported on must not read it: routing (vault: clear columns)",
    "unit_shut_out.unit_id": "the channel's unit must not read it either: routing (vault: clear columns)",
    "report.unit_shut_out_id": "the unit the reporter keeps out: routing (vault: clear columns)",
    "proposal.decided_by_id": "who decided",
    "unit_fact.*_id": "the public list of units",
    "person.unit_id": "the unit a person belongs to; decides who is shut out",
    "admission.*_id": "whose key was let in, and by whom",
    "invitation.*_id": "who was invited, and by whom",
    "recovery_key.*_id": "the head who made it",
    "confirmation.*_id": "who asked, and who decided",
    "desk_member.*_id": "who sits where, and who let them in",
    "desk_key.*_id": "who made it",
    "blind_key.*_id": "who made it",
    "blind_seal.*_id": "whom it was sealed to",
    "identity_holder.*_id": "who holds, and who named them",
    "identity_asking.decided_by_id": "which holder answered",
    "identity_asking.state": "whether it waits, is granted, was refused or is over; why lies sealed",
    "identity_asking.is_page_only": "whether one of the two could have opened it alone",
    "identity_asking.ended_why": "a code: taken back, time, or lost with the case",
    "identity_asking.answer_generation": "which key opens it",
    "identity_asking_seal.asking_id": "which asking; the ids are random",
    "identity_look.asking_id": "which asking; the ids are random",
    "superior_key.*_id": "who entered and who confirmed it",
    "old_token.*_id": "the poster's channel",
    "*.generation": "which key opens it",
    "*.case_generation": "which key opens it",
    "*.key_generation": "which key opens it",
    "*.salt_generation": "which salt the receipt was made with",
    "*.public": "the public half of a key pair",
    "*.box_public": "the public half of a key pair",
    "*.reporter_public": "the public half of a key pair",
    "*.token_hash": "a hash of a random token of 192 bits",
    "*.secret_hash": "a hash of a random token of 192 bits",
    "*.form_hash": "a hash of a random token of 192 bits",
    "*.made_on": "a day",
    "*.recorded_on": "a day",
    "*.valid_on": "a day",
    "*.needs_renewal": "work that waits for a deputy or the head",
    "office.mode": "office, trial or demo; every page says so",
    "office.name_*": "what the office is called; printed on every page",
    "office.number_prefix": "how the office numbers its cases",
    "office.number_width": "how the office numbers its cases",
    "office.public_phone": "printed on posters",
    "office.public_email": "shown on every public page",
    "office.languages": "which languages public pages have",
    "office.front_*": "shown on the front page",
    "office.form_*": "shown where a report begins",
    "office.receipt_*": "shown to reporters",
    "office.superior_address": "shown to reporters",
    "office.common_password": "of a trial or demo alone, whose people are invented; a page shows it",
    "receipt_salt.salt": "public by design, one an installation",
    "series.name": "which numbers: of cases",
    "series.year": "the numbers start anew each year",
    "series.last": "how many numbers were given in a year, which the numbers tell anyway",
    "day_override.day": "the public calendar",
    "day_override.says": "the public calendar",
    "day_override.entered_by": "who entered a day of the public calendar",
    "unit.code": "the public list of units",
    "unit_fact.name_*": "the public list of units",
    "unit_fact.kind": "the public list of units",
    "person.user_name": "to sign in by",
    "person.name": "the office's own staff list",
    "person.role": "decides what a person may do",
    "person.is_outside": "decides what a person may do",
    "person.state": "decides whether a person may do anything",
    "person.locale": "the language of the person's pages",
    "person.email": "where the person's reminders go; on the office's own staff list",
    "person.password_salt": "a salt",
    "person.verifier": "derived from the password by Argon2id and HKDF; opens nothing",
    "person.totp_step": "so that a one-time code works once",
    "admission.role": "for which role a key was let in",
    "admission.on_trust": "the first head and the first oversight member",
    "recovery_code.code_hash": "a hash of a random code of 80 bits",
    "recovery_key.asked_groups": "which groups of the sheet were asked for",
    "recovery_key.groups_hash": "at most 60 of the sheet's bits, until typed back",
    "officer_session.stage": "how far a sign-in has come",
    "known_device.failures": "a counter",
    "sign_in_tries.name_hash": "a hash of a user name, which stands in the list of people anyway",
    "sign_in_tries.failures": "a counter",
    "absence.entered_by_id": "which administrator entered it",
    "absence.from_on": "a day; who is away is known in the office",
    "absence.to_on": "a day; who is away is known in the office",
    "confirmation.kind": "what an administrator asked for; no content",
    "confirmation.what": "ids of desks, channels, people and units, a day, a person's corrected name; no content",
    "confirmation.state": "whether it was decided",
    "attachment.file_sha256": "of sealed bytes, which whoever takes the files has anyway",
    "attachment.message_id": "which message of the same report it came with",
    "visit_file.visit_id": "which visit a file came in, until it is sent or the visit ends",
    "*.sealed_size": "the length of a sealed file, which its Padmé class tells on the disk anyway",
    "file_view.*_id": "which sign-in looks at which file, for half an hour",
    "reporter_session.kind": "draft, receipt or tracking",
    "desk.name_*": "the office's own chart",
    "desk.kind": "the office's own chart",
    "desk.deputy_id": "whose line the desk stands in",
    "channel.token": "printed on posters",
    "channel.kind": "a QR code; there is no other kind",
    "channel.name": "the office's own list of posters",
    "channel.place": "printed on posters",
    "channel.unit_id": "printed on posters",
    "channel.languages": "in which languages the poster's page speaks",
    "channel.welcome_*": "shown to whoever scans the poster",
    "channel.is_public": "whether the front page lists it",
    "channel.state": "told to whoever scans the poster",
    "channel.valid_from": "told to whoever scans the poster",
    "channel.valid_to": "told to whoever scans the poster",
    "old_token.token": "was printed on posters",
    "case.number": "lists are searched by it; given by an officer",
    "case.state": "clocks and lists need it",
    "case.return_state": "where a wait for facts leads back to",
    "case.version": "so that two officers do not overwrite each other",
    "case.kind": "clocks and figures need it",
    "case.category": "as registered by an officer, for figures",
    "case.other_categories": "as registered by an officer, for figures",
    "case.severity": "as registered by an officer, for lists",
    "case.complexity": "as registered by an officer, for lists",
    "case.reviewer_id": "who reviews it",
    "case.finding": "how it ended, for figures (vault: clear columns)",
    "proposal.approval": "whose leave it waits for",
    "proposal.delegated_to_id": "who was asked to decide",
    **{
        f"{table}.state": "where it stands"
        for table in ("subject", "measure", "talk", "promise", "item", "excerpt")
    },
    "measure.code": "which measure, for figures (vault: clear columns)",
    "measure.subject_id": "which person, a random id (vault: clear columns)",
    "measure.unit_id": "the unit a measure is on (vault: clear columns)",
    "measure.decided_on": "the day a measure takes effect (vault: clear columns)",
    "measure.delivered_on": "a day; the clocks follow from it",
    "talk.planned_on": "a day",
    "promise.talk_id": "which talk, a random id",
    "promise.due_on": "a day; the clocks follow from it",
    "item.unit_id": "the unit that puts it right",
    "item.due_on": "a day; the clocks follow from it (vault: clear columns)",
    "case.is_flagged": "the own-people box decides which desk",
    "case.is_named": "real-name reports come first",
    "case.received_on": "a day",
    "case.needs_new_keys": "work that waits",
    "merged_key.target_id": "which case it was merged into, as its event says; the ids are random",
    "merged_key.target_generation": "which key opens it",
    "case_seal.is_recovery": "whom a seal is for",
    "case_seal.reason": "why a grant was given, as the log has it",
    "case_seal.until": "the last day of a loan, as the case's events have it",
    "case_seal.is_moved": "that its reader was signed in since it was given, which sign-ins and openings tell anyway",
    "case_digest.events": "how many events there were when it was made, which the events tell",
    "case_digest.proposals": "how many proposals there were when it was made, which the proposals tell",
    "case_digest.reports": "how many reports there were when it was made, which the reports tell",
    "relation.other_id": "which other case somebody said something of; the ids are random",
    "relation.about": "whether it was asked of the matter or of the person; neither is said",
    "relation.is_so": "that two cases belong together, or do not; what they are about stays sealed",
    "last_search.session_id": "of which sign-in; what was looked for is sealed",
    "shut_out.reason": "a code: of the subject unit, or named as subject",
    "opening.session": "so that an opening is recorded once a session",
    "case_event.seq": "the order of a case's own events",
    "case_event.action": "the clocks follow from it",
    "case_event.from_state": "the clocks follow from it",
    "case_event.to_state": "the clocks follow from it",
    "case_event.by_kind": "office, reporter or system",
    "case_event.report": "which joined report an event is about",
    "case_event.facts": "codes, days and ids that clocks and figures need; never words; each stands in FACTS",
    "clock.report": "which joined report a clock is about",
    "clock.name": "which row of the rulebook runs",
    "clock.started_on": "a day",
    "clock.due_on": "a day; lists are sorted and reminders sent by it",
    "clock.state": "running, paused, met or missed; lists need it",
    "clock.ended_on": "a day",
    "clock.paused_on": "a day",
    "clock.unit": "working days or months, as the rulebook counts",
    "clock.amber_on": "a day; reminders are found by it",
    "clock.is_provisional": "whether the calendar of that year was published",
    "proposal.action": "what waits for leave; its inputs are sealed",
    "proposal.case_version": "which version of the case it was made for",
    "proposal.case_seq": "which of the case's own events was the newest",
    "proposal.state": "whether it was decided",
    "recusal_request.report": "which report asked",
    "recusal_request.wish": "which rows are one wish, a random id",
    "recusal_request.recusal_id": "which declaration it is about, a random id",
    "recusal_request.outcome": "granted or refused; who was recused for it stands in the register anyway",
    "recusal_request.answered_on": "a day",
    "recusal.decided_by_id": "who decided",
    "recusal.lifted_by_id": "who lifted it",
    "recusal.way": "declared, decided or asked for; the auditor's register, who opens nothing",
    "recusal.ground": "one of the law's four items, by code; the auditor's register",
    "recusal.state": "whether it stands",
    "recusal.paper": "the superior's document number, held to the form of one",
    "recusal.paper_on": "a day",
    "recusal.lift_paper": "the superior's document number, held to the form of one",
    "recusal.lift_paper_on": "a day",
    "clearance.of": "unit or name: which of the two keeps somebody out no longer",
    "clearance.decided_by_id": "who decided",
    "acting_head.entered_by_id": "who entered it",
    "acting_head.ended_by_id": "who ended it",
    "acting_head.from_on": "a day",
    "acting_head.to_on": "a day",
    "acting_head.paper": "the superior's document number, held to the form of one",
    "acting_head.paper_on": "a day",
    "interference_seal.interference_id": "which record; the ids are random",
    "report.origin": "form or office",
    "report.kind": "the matter kind as chosen (vault: clear columns)",
    "report.is_named": "real-name yes or no (vault: clear columns)",
    "report.is_flagged": "the own-people box (vault: clear columns)",
    "report.received_on": "a day",
    "report.lookup_hash": "half of an Argon2id run over 76 random bits",
    "message.side": "reporter or office",
    "message.purpose": "the action it came with",
    "message.sent_on": "a day",
    "read_state.seen": "how many messages an officer has seen",
    "notice.state": "how far a notice has come",
    "notice.counts": "how many due days come soon, are today or past; no word of any case",
    "notice.attempts": "a counter",
    "notice.settled_on": "a day",
    "notice.why": "a code of why a notice did not go",
    "reminder.report": "which joined report the clock is about, a random id",
    "reminder.clock": "which row of the rulebook runs, as the clock's own row has it",
    "reminder.started_on": "a day, as the clock's own row has it",
    "reminder.due_on": "a day, as the clock's own row has it",
    "reminder.level": "who is told: before, on or after the due day",
    "told.*_id": "whose notice a reminder stands in",
    "entry.position": "a leaf's place in the public log",
    "entry.type": "public, in the leaf",
    "entry.day": "public, in the leaf",
    "entry.leaf": "the log is public",
    "entry.leaf_hash": "the log is public",
    "entry.salt": "half of the opening; without it nobody could check a record",
    "entry.record": "the other half: codes, ids, a day and a digest, never words",
    "entry.blind": "keeps a row's few clear columns from being tried against its digest",
    "entry.about_table": "what the record says, again as a column",
    "entry.about_id": "what the record says, again as a column",
    "node.level": "the tree is public",
    "node.place": "the tree is public",
    "node.hash": "the tree is public",
    "log_head.size": "how long the public log is",
    "checkpoint.size": "published",
    "checkpoint.root": "published",
    "checkpoint.day": "published",
    "checkpoint.note": "published",
}

#: Key of an event's clear facts → why it may be read by whoever takes the database.
FACTS = {
    "category": "as registered by an officer, for figures",
    "other_categories": "as registered by an officer, for figures",
    "severity": "as registered by an officer, for lists",
    "complexity": "as registered by an officer, for lists",
    "kind": "the matter kind as chosen, or as registered; the clocks follow from it",
    "unit": "the unit as registered by an officer",
    "origin": "form, telephone, letter, handed down …: the clocks follow from it",
    "has_receipt": "whether somebody reads on the tracking page; the clocks follow from it",
    "from_superior": "the clocks follow from it",
    "sent_by_department": "the clocks follow from it",
    "is_named": "real-name yes or no",
    "own_people": "the own-people box",
    "concerns_head": "the office's head or not: forwarding is due in one working day or in five, so the due day tells",
    "not_own_people": "what an oversight member affirmed",
    "not_led_by_subject": "what an officer affirmed",
    "reason": "the code of a decline, which the public leaf has too",
    "way": "the way a notice was given",
    "day": "the day it was given; the clocks follow from it",
    "person": "which officer",
    "from_person": "which officer",
    "keep_intake": "whether the intake officer keeps the case",
    "no_answer_needed": "ends the clock of an answer",
    "report": "which joined report, a random id",
    "messages": "which messages, random ids",
    "number": "the case's number",
    "from_desk": "which desk of the office",
    "identity_lost": "that the office's half of a contact's key is gone",
    "proposed_by": "which officer",
    "asker": "the subject, the reporter or others; the wish itself is sealed",
    "paper_on": "a day",
    "record": "which record of the register of interference, a random id",
    "requests": "which wishes for recusal, random ids",
    # Casework after acceptance: codes, days, ids of people of the office and of rows, and what somebody affirmed.
    "group": "which officers",
    "seat": "officer, reviewer or group: which seat changed hands",
    "people": "which officers",
    "reviews": "whether an officer reviews",
    "subject_person": "which person concerned, a random id",
    "thing": "which measure, item or talk, a random id",
    "things": "which measures, random ids, with their codes",
    "code": "which measure of the catalogue (vault: clear columns)",
    "talk": "which talk, a random id",
    "target": "which case, a random id",
    "reports": "which reports, random ids",
    "told": "which reports, random ids",
    "from_case": "which case, a random id",
    "to_case": "which case, a random id",
    "new_case": "which case, a random id",
    "to_report": "which joined report, a random id",
    "since": "days from which the law counts for a report that changed the case",
    "notice_owed": "the clocks follow from it",
    "reply_owed": "the clocks follow from it",
    "protection_owed": "the clocks follow from it",
    "rhythm_owed": "the clocks follow from it",
    "retaliation": "the clocks follow from it",
    "with_measures": "the clocks follow from it",
    "confirm_by": "a day; the clocks follow from it",
    "clock": "which period was extended",
    "of": "whose period, a random id",
    "count": "by how much",
    "due": "a day; the clocks follow from it",
    "review_on": "a day; the clocks follow from it",
    "until": "a day on which a loan ends",
    "planned_on": "a day",
    "studied_on": "a day",
    "asked_on": "a day",
    "meeting_on": "the day of a collective decision",
    "finding": "how it ended, for figures (vault: clear columns)",
    "decision": "what was decided, as a code",
    "new_kind": "the kind of the case that was split off",
    "form": "talk or letter",
    "stage": "interim or final feedback",
    "has_ended": "whether a sanction ended; the clocks follow from it",
    "rating": "a reporter's satisfaction (vault: clear columns)",
    "outcome": "the result of a second look, as a code",
    "result": "the result of a look-back, as a code (vault: clear columns)",
    "ground": "why a case begins anew, or why somebody keeps off it, as a code",
    "back_to": "the stage it was sent back to",
    **dict.fromkeys(
        (
            "document_complete",
            "facts_told",
            "file_complete",
            "four_conditions",
            "in_file_and_announced",
            "no_disturbance",
            "no_new_breach",
            "papers_returned",
            "police_asked",
            "read_through",
            "repentance",
            "signed",
            "tolerance_checked",
            "told",
            "unit_told",
        ),
        "what somebody affirmed",
    ),
}

#: Columns that hold sealed bytes: their names say so.
SEALED = ("sealed", "sealed_*", "half_*", "wrapped")

#: Every instant kept, and why the second matters.
INSTANTS = {
    "setup_link.*": "the first minutes of an instance; nobody has reported yet",
    "day_override.recorded_at": "an administrator's act",
    "unit.recorded_at": "an administrator's act",
    "unit_fact.recorded_at": "an administrator's act",
    "person.recorded_at": "an administrator's act",
    "person_key.*": "an officer's own act",
    "absence.*": "an administrator's act",
    "admission.*": "a deputy's or head's act",
    "invitation.*": "an administrator's act, and the invited person's",
    "recovery_code.used_at": "an officer's sign-in",
    "recovery_key.*": "the head's act",
    "officer_session.*": "an officer's sign-in; ends after 20 idle minutes",
    "known_device.*": "an officer's sign-in",
    "sign_in_tries.last_failure_at": "delays grow by it",
    "confirmation.*": "an administrator's and a deputy's act",
    "file_view.expires_at": "an officer's look, for half an hour",
    "reporter_session.expires_at": "rounded up to the whole hour before it is kept",
    "desk.recorded_at": "an administrator's act",
    "desk_member.*": "an administrator's and a deputy's act",
    "desk_key.*": "a deputy's or head's act",
    "blind_key.recorded_at": "the head's act",
    "identity_holder.*": "the head's act",
    "identity_asking.*": "an officer's and a holder's act",
    "identity_look.recorded_at": "who looked at a name, for the auditor",
    "superior_key.*": "an oversight member's act",
    "channel.recorded_at": "an administrator's act",
    "old_token.rotated_at": "an administrator's act",
    "relation.recorded_at": "an officer's act",
    "opening.recorded_at": "who opened a case, for the auditor",
    "case_event.recorded_at": "an officer's act; NULL by a CHECK for what a reporter causes",
    "proposal.*": "an officer's act",
    "recusal.*": "an officer's act",
    "clearance.*": "the head's or a deputy's act",
    "acting_head.*": "a deputy's act",
    "message.sent_at": "an officer's act; NULL by a CHECK for a reporter's",
    "notice.next_try_at": "the worker's own hour; a whole one where a reporter acted that day",
    "checkpoint.made_at": "once a day",
}


def _named(pattern_table: dict[str, str], table: str, column: str) -> bool:
    return any(fnmatch(f"{table}.{column}", pattern) for pattern in pattern_table)


def _columns() -> list[tuple[type[Table], str, object]]:
    return [(model, field.column_name, field) for model in TABLES for field in model._meta.sorted_fields]


def test_every_clear_column_has_its_reason() -> None:
    missing = [
        f"{model._meta.table_name}.{name}"
        for model, name, field in _columns()
        if not any(fnmatch(name, pattern) for pattern in SEALED)
        and not isinstance(field, InstantField)
        and not _named(CLEAR, model._meta.table_name, name)
    ]
    assert missing == [], "seal these columns, or say in CLEAR why they may lie in the clear"


def test_no_reason_covers_a_whole_table() -> None:
    """A column that is added has to be thought of by its own name; instants alone are told by table."""
    assert [pattern for pattern in CLEAR if pattern.endswith(".*")] == []


def test_every_instant_has_its_reason() -> None:
    missing = [
        f"{model._meta.table_name}.{name}"
        for model, name, field in _columns()
        if isinstance(field, InstantField) and not _named(INSTANTS, model._meta.table_name, name)
    ]
    assert missing == [], "keep a day instead of these instants, or say in INSTANTS why the second matters"


def test_no_reason_is_left_of_a_column_that_is_gone() -> None:
    names = {f"{model._meta.table_name}.{name}" for model, name, _ in _columns()}
    stale = [p for p in (*CLEAR, *INSTANTS) if not any(fnmatch(name, p) for name in names)]
    assert stale == []


def test_rows_that_a_reporter_causes_keep_no_instant_of_their_own() -> None:
    """The tables a reporter writes: days alone, but for a session's whole hour."""
    reporter_tables = {
        "report",
        "report_key",
        "identity",
        "identity_seal",
        "recusal_request",
        "case",
        "case_key",
    }
    found = [
        f"{model._meta.table_name}.{name}"
        for model, name, field in _columns()
        if model._meta.table_name in reporter_tables and isinstance(field, InstantField)
    ]
    assert found == []


def _facts_of_services() -> set[str]:
    """The keys that services put into an event's facts beside what a form sends."""
    found = set()
    for path in (ROOT / "whistle/services/casework").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign):
                found |= {key for target in node.targets for key in _keys_set(target, node.value)}
            if isinstance(node, ast.Call):
                found |= _keys_given(node)
    return found


#: Functions whose keyword arguments are facts of an event, and those of them that are not.
TAKE_FACTS = {"note_on": {"report"}, "receive": {"concerns_head"}, "_new_case": set()}


def _keys_given(call: ast.Call) -> set[str]:
    """`note_on(case, "join", from_case=…)`."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return (
        {word.arg for word in call.keywords if word.arg} - TAKE_FACTS[name] if name in TAKE_FACTS else set()
    )


def _keys_set(target: ast.expr, value: ast.expr) -> set[str]:
    """`facts["key"] = …`, `work.facts["key"] = …` and `facts = {"key": …}`."""
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return {str(target.slice.value)} if _is_facts(target.value) else set()
    if _is_facts(target) and isinstance(value, ast.Dict):
        return {str(key.value) for key in value.keys if isinstance(key, ast.Constant)}
    return set()


def _is_facts(node: ast.expr) -> bool:
    return getattr(node, "id", getattr(node, "attr", "")) == "facts"


def test_every_clear_fact_of_an_event_has_its_reason() -> None:
    asked = {need.name for row in ACTIONS.values() for need in row.needs if not need.sealed}
    by_origin = {row.fact for row in ORIGINS if row.fact}
    assert asked | by_origin | _facts_of_services() == set(FACTS), (
        "seal it, or say in FACTS why it may lie in the clear"
    )
