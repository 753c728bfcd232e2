"""`whistle doctor`: what is wrong with this installation, and what to do about it."""

from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from whistle.config import Settings
from whistle.services import doctor, office
from whistle.services.shell import SHELL

#: A finding's sentence: what is wrong, and what to do.
WORDS = {
    "not_set_up": "The office is not set up. Open the link that whistle init prints.",
    "rows_deleted": "Rows were deleted behind the program's back: {count} rows point to what is gone, the first in "
    "table {table}. Run whistle log verify, it names them; restore them from a backup.",
    "no_recovery_key": "No recovery key is in force: the head prints the sheet and types three groups back.",
    "own_people_closed": "Reports on the office's own people cannot be taken in: the oversight desk needs its key "
    "and two members.",
    "no_superior_key": "No key of the superior is in force: the oversight desk enters one, a second member confirms.",
    "desk_without_deputy": "The desk {desk} has no deputy: name one in the administration.",
    "desk_without_key": "The desk {desk} cannot receive: the head or its deputy makes its key and admits a member.",
    "no_channel": "There is no channel: make one in the administration or by whistle channel add.",
    "channels_that_cannot_receive": "{count} open channels lead to a desk that cannot receive.",
    "too_few_people": "{count} of at least {least} people with the role {role}: {without}.",
    "no_archive_desk": "No archive desk: closed cases cannot be archived. An administrator adds one with two members.",
    "archive_not_ready": "The archive {desk}: {count} members hold its key, {least} are needed.",
    "archived_cases_need_new_keys": "{count} archived cases wait for new keys: an archive member opens each once.",
    "cases_need_new_keys": "{count} cases wait for new keys: the deputy or the head opens each once.",
    "desk_needs_new_key": "The desk {desk} waits for a new key: the head or its deputy renews it.",
    "blind_key_needs_renewal": "The name index waits for a new key: the head or a deputy renews it.",
    "holder_in_line": "{name} holds identity keys and stands in the line of the cases, so that the lock on names is "
    "only a page. Name somebody else.",
    "holder_has_cases": "{name} holds identity keys and can read {count} of the cases they belong to, so that the lock "
    "on these names is only a page. Hand those cases over, or name another holder.",
    "no_identity_holder": "Nobody who was let in holds identity keys: no officer can be let see a real-name reporter's "
    "contact. An administrator proposes a holder, the head confirms.",
    "one_identity_holder": "{name} alone holds identity keys: while that person is away nobody is let see a real-name "
    "reporter's contact, and that person never. Name a second one.",
    "files_missing": "{count} files of reports are gone from the store or were cut. "
    "Run whistle log verify, it names them; restore them from a backup.",
    "no_room_for_reports": "The disk is full: no report is begun any more. Make room on it.",
    "no_room_for_files": "There is no room left for files: only text is taken. Make room, or raise "
    "WHISTLE_STORAGE_LIMIT.",
    "room_nearly_full": "Files take {percent} % of the room they have. Make room, or raise WHISTLE_STORAGE_LIMIT.",
    "notices_given_up": "Reminders were given up that were meant for {names}: {why}. Correct their addresses on the "
    "page of people, or WHISTLE_SMTP_URL.",
    "notices_failing": "{count} reminders wait to be sent: {why}. Check WHISTLE_SMTP_URL and the mail server.",
    "no_address": "Reminders reach these people on the desk alone, they have no e-mail address: {names}.",
    "calendar_provisional": "The days off of {year} are not known here: deadlines are provisional. "
    "Update Whistle, or enter them at /admin/calendar.",
}


@click.command("doctor")
@with_appcontext
def command() -> None:
    """Look for faults of settings, set-up and staffing; reads no content.

    Prints a line for each. Exits with 1 when one of them is a fault, with 0 when there are none or only remarks.

    Example: whistle doctor
    """
    settings = current_app.extensions["whistle"].settings
    findings = [*_of_machine(settings), *_of_office()]
    for is_fault, sentence in findings:
        click.echo(f"{'fault' if is_fault else 'remark'}: {sentence}")
    if any(is_fault for is_fault, _sentence in findings):
        raise click.ClickException("There are faults. Mend them in the order in which they are listed.")
    click.echo("No faults.")


def _of_office() -> Iterator[tuple[bool, str]]:
    for finding in doctor.examine(SHELL):
        data = {name: _plain(value) for name, value in finding.data.items()}
        yield finding.is_fault, WORDS[finding.name].format(**data)


def _plain(value: object) -> object:
    """A list of names in a row, a term in English."""
    return ", ".join(value) if isinstance(value, tuple) else getattr(value, "en", value)


def _of_machine(settings: Settings) -> Iterator[tuple[bool, str]]:
    about = office.about()
    is_real = about is not None and not about.is_invented
    if is_real and not settings.is_https:
        # Anywhere but on this machine it would not have started.
        yield (
            False,
            "No https, only this machine can use it. Set WHISTLE_PUBLIC_URL=https://report.example.gov.cn",
        )
    if is_real and not settings.smtp_url:
        yield (
            False,
            "No mail server, reminders are on the desk alone. Set WHISTLE_SMTP_URL=smtps://mail.example.gov.cn",
        )
    if settings.is_https and not settings.trust_proxy:
        yield False, "https, but no proxy is trusted. Behind one proxy of yours set WHISTLE_TRUST_PROXY=1"
    for path in (settings.instance, *_private_files(settings)):
        if path.exists() and path.stat().st_mode & 0o077:
            yield True, f"Others on this machine may read {path}. Run: chmod go= {path}"


def _private_files(settings: Settings) -> list[Path]:
    """The files that nobody else has to read; those in the instance folder are behind its own mode already."""
    files = [settings.instance / "forms.key", settings.instance / "log_signing.key"]
    scheme, _mark, path = settings.database_url.partition(":///")
    if scheme == "sqlite" and settings.instance not in Path(path).parents:
        files.append(Path(path))
    return files
