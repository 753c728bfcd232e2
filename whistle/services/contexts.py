"""What every seal is bound to: one function a kind of seal, so that no two kinds can be confused."""

from whistle.vault.envelope import Context


def report_body(report: str, generation: int) -> Context:
    """The reporter's answers, under the report key."""
    return Context("report-body", report, generation=generation)


def report_key(report: str, reader: str, generation: int) -> Context:
    """A report key; `reader` is 'reporter' (sealed to the key pair) or 'case' (wrapped under the case key)."""
    return Context("report-key", report, reader=reader, generation=generation)


def case_key(case: str, reader: str, generation: int) -> Context:
    """A case key sealed to a reader: 'desk-key:N', 'person-key:N', 'recovery:N' or 'superior:N'."""
    return Context("case-key", case, reader=reader, generation=generation)


def case_key_on_ring(case: str, reader: str, generation: int) -> Context:
    """A case key under the keyring of its reader: 'desk-key:N' or 'person-key:N'."""
    return Context("case-key", case, kind="keyring", reader=reader, generation=generation)


def older_case_key(case: str, generation: int) -> Context:
    """The case key of `generation` under the next one."""
    return Context("older-case-key", case, generation=generation)


def merged_case_key(case: str, target: str, generation: int, target_generation: int) -> Context:
    """The key of a merged case, sealed to a box of the case it was merged into."""
    reader = f"case:{target}:{target_generation}"
    return Context("case-key", case, kind="merged", reader=reader, generation=generation)


def case_box(case: str, generation: int) -> Context:
    """The private half of a case's box, under the case key."""
    return Context("case-box", case, generation=generation)


def digest(case: str, part: str, covers: str, generation: int) -> Context:
    """A part of a case's digest: 'folded', 'pieces' or 'traits'; `covers` says of how much of the case it was made."""
    return Context("case-digest", case, kind=f"{part} {covers}", generation=generation)


def event(event_id: str, case: str, generation: int) -> Context:
    """The words of an event, under the case key or sealed to the case's box."""
    return Context("event", event_id, kind=case, generation=generation)


def proposal(proposal_id: str, case: str, generation: int) -> Context:
    """The sealed inputs of a proposal."""
    return Context("proposal", proposal_id, kind=case, generation=generation)


def decision(proposal_id: str, case: str, generation: int) -> Context:
    """The words with which a proposal was returned."""
    return Context("proposal-decision", proposal_id, kind=case, generation=generation)


def thing(thing_id: str, kind: str, case: str, generation: int) -> Context:
    """What is known of a measure, item, talk … of a case."""
    return Context(f"case-{kind}", thing_id, kind=case, generation=generation)


def message(message_id: str, report: str, generation: int) -> Context:
    """A message, under the report key."""
    return Context("message", message_id, kind=report, generation=generation)


def recusal(request: str, reader: str) -> Context:
    """A reporter's wish for recusal, for who decides it or for the reporter."""
    return Context("recusal-request", request, reader=reader)


def recusal_answer(request: str, reader: str) -> Context:
    """Why a wish for recusal was answered so, for who decides it."""
    return Context("recusal-answer", request, reader=reader)


def interference(record: str) -> Context:
    """A record of interference, under a key of its own."""
    return Context("interference", record)


def interference_key(record: str, reader: str) -> Context:
    """The key of a record of interference, for one reader."""
    return Context("interference-key", record, reader=reader)


def identity_contact(report: str) -> Context:
    """A reporter's name and contact, under the identity key."""
    return Context("identity-contact", report)


def identity_half(report: str, reader: str, generation: int = 0) -> Context:
    """Half of an identity key for a reader: 'person-key:N', 'reporter', 'recovery:N' or 'case'; given to who asked,
    'asking:ID:person-key:N'.
    """
    return Context("identity-half", report, reader=reader, generation=generation)


def identity_reason(asking: str, reader: str, generation: int = 0) -> Context:
    """Why somebody asks to see a contact, for a reader: 'case' or 'person-key:N'."""
    return Context("identity-reason", asking, reader=reader, generation=generation)


def identity_answer(asking: str, generation: int) -> Context:
    """Why a holder refused that, sealed to the case's box."""
    return Context("identity-answer", asking, generation=generation)


def package(case: str, superior_key: str) -> Context:
    """Everything in a case, sealed to a key of the superior; both are named in the file's first line."""
    return Context("superior-package", case, reader=f"superior:{superior_key}")


def reporter_session(row: str) -> Context:
    """A reporter's draft, receipt or tracking session, under the cookie's secret."""
    return Context("reporter-session", row)


def file_content(file: str) -> Context:
    """A file's bytes, under its own key; bound to its id, which it keeps when it becomes a report's."""
    return Context("file-content", file)


def visit_file(file: str, visit: str) -> Context:
    """What is known of a file that was not sent yet, its key included, under the visit's key."""
    return Context("visit-file", file, kind=visit)


def attachment(file: str, report: str, generation: int) -> Context:
    """What is known of a report's file, its key included, under the report key."""
    return Context("attachment", file, kind=report, generation=generation)


def file_view(view: str) -> Context:
    """What an officer's frame may open for some minutes, under its token."""
    return Context("file-view", view)


def person_private(person: int, code: str) -> Context:
    """A person's private key under the password; `code` is the short code of the key."""
    return Context("person-private", str(person), kind=code)


def person_totp(person: int, code: str) -> Context:
    """The seed of a person's second factor, under the password."""
    return Context("person-totp", str(person), kind=code)


def person_to_recovery(person: int, code: str) -> Context:
    """A person's private key, sealed to the recovery key."""
    return Context("person-recovery", str(person), kind=code)


def desk_to_recovery(desk: int, generation: int) -> Context:
    """A desk's private key, sealed to the recovery key."""
    return Context("desk-key", str(desk), reader="recovery", generation=generation)


def blind_key(reader: str, generation: int) -> Context:
    """The blind-index key sealed to a reader: 'person-key:N' or 'recovery'."""
    return Context("blind-key", "office", reader=reader, generation=generation)


def last_search(session: int) -> Context:
    """What a signed-in person last looked for, under a key of their own."""
    return Context("last-search", str(session))


def officer_session(secret_hash: str) -> Context:
    """What a signed-in officer's session carries, under the cookie's secret."""
    return Context("officer-session", secret_hash)
