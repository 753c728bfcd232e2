"""`whistle log`: check the transparency log, and sign it."""

import json
import sys
from typing import NoReturn, TextIO

import click
from flask.cli import ScriptInfo, with_appcontext

from whistle.config import ConfigError
from whistle.services import auditing, ledger

#: Exit codes of `log verify`, fixed by contract.
FINE, FINDINGS, UNCHECKED = 0, 1, 2

#: What could not be checked, and what to do about it.
REMEDIES = {
    "log_empty": "anything: the log is empty, as before the set-up. Set WHISTLE_INSTANCE and WHISTLE_DATABASE_URL to "
    "what the office runs with, and start again",
    "checkpoint_signatures": "signatures of checkpoints: put log_signing.key back into the instance folder",
    "signatures_missing": "signatures: there is neither a checkpoint nor a signing key, though leaves are older than a "
    "day. Sign nothing yet: put both back from the backup, or compare with a note kept elsewhere by --against first; "
    "only where nothing was ever signed, start the worker",
    "checkpoint_old": "what no checkpoint covers after days: is the worker running? whistle log checkpoint signs it",
    "more_findings": "there are more findings than are listed: mend these first",
    "checkpoint_root": "roots of checkpoints behind a missing leaf: restore the log from a backup",
    "files_without_hash": "the bytes of files that came in before their hash was kept: nobody can say any more what "
    "they were; one that was changed does not open",
}


@click.group("log")
def log() -> None:
    """The transparency log.

    Example: whistle log verify --json
    """


command = log


@log.command("verify")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object: size, root, findings, unchecked, signed_size, signed_on, unsigned.",
)
@click.option(
    "--against",
    type=click.File(encoding="utf-8-sig"),
    metavar="FILE",
    help="Compare with a signed note that was kept elsewhere.",
)
@click.option(
    "--files", "with_files", is_flag=True, help="Read every file of a report and compare its bytes."
)
@click.pass_context
def verify(context: click.Context, as_json: bool, against: TextIO | None, with_files: bool) -> None:
    """Check every leaf, every row, the tree, all checkpoints, key seals and due days.

    Exits with 0 when all was checked and nothing found, 1 when something does not match, 2 when not all could be
    checked. Leaves after the newest signature, cut off with their rows, are not missed: it says how far that reaches.
    Without a database size and root are null. Of reporters' files only presence and length are compared, unless
    --files asks for their bytes, which takes as long as reading all of them does.

    Example: whistle log verify
    """
    try:
        with context.ensure_object(ScriptInfo).load_app().app_context():
            kept = None if against is None else against.read()
            result = auditing.check(kept, with_files=with_files)
    except (ledger.Unreadable, ConfigError) as fault:
        _say_nothing_was_checked("database", _unreadable(fault), as_json=as_json)
    except (ledger.NoNote, UnicodeError) as fault:
        why = f"The file is no signed note of whistle log checkpoint: {fault}. Give the one that was kept."
        _say_nothing_was_checked("kept_note", why, as_json=as_json)
    if as_json:
        _print_json(result)
    else:
        _print_text(result, with_files=with_files)
    remedies = dict.fromkeys(REMEDIES[name.split()[0]] for name in result.unchecked)
    if remedies:
        _complain(f"Could not check: {'; '.join(remedies)}.")
    sys.exit(FINDINGS if result.findings else FINE if result.complete else UNCHECKED)


@log.command("checkpoint")
@with_appcontext
def checkpoint() -> None:
    """Sign the log as it stands, at most once a day, and print the checkpoint.

    Example: whistle log checkpoint
    """
    try:
        made = ledger.make_checkpoint()
    except ledger.LogEmpty:
        _fail(
            "There is nothing to sign: the log is empty, as before the set-up. Set WHISTLE_INSTANCE and "
            "WHISTLE_DATABASE_URL to what the office runs with."
        )
    except ledger.SigningKeyMissing as missing:
        _fail(f"The signing key is missing: put {missing.path} back from the backup.")
    except ledger.LogDamaged as damaged:
        _fail(f"The log no longer matches its checkpoint of {damaged.size} leaves: run whistle log verify.")
    click.echo(made.note, nl=False)


def _say_nothing_was_checked(kind: str, why: str, *, as_json: bool) -> NoReturn:
    if as_json:
        nothing = {"size": None, "root": None, "findings": [], "unchecked": [{"kind": kind, "what": why}]}
        click.echo(json.dumps(nothing))
    _complain(why)
    sys.exit(UNCHECKED)


def _print_text(result: ledger.Verification, *, with_files: bool) -> None:
    click.echo(f"{result.size} leaves, root {result.root.hex()}")
    click.echo(_reach(result))
    for finding in result.findings:
        place = "" if finding.index is None else f" {finding.index}"
        click.echo(f"{finding.kind}{place}: {finding.what}")
    if not with_files:
        click.echo(
            "Reporters' files were compared by presence and length alone: "
            "whistle log verify --files reads each and compares its bytes."
        )
    if not result.findings and result.complete:
        click.echo("Everything that is here was checked, nothing was found.")


def _reach(result: ledger.Verification) -> str:
    """How far the newest signature reaches: behind it nothing here can tell what was cut off."""
    if result.signed_size is None:
        said = "Nothing is signed yet"
    else:
        said = f"The newest signature, of {result.signed_on}, covers the first {result.signed_size} leaves"
    if not result.unsigned:
        return f"{said}."
    leaves = "1 leaf after it is" if result.unsigned == 1 else f"{result.unsigned} leaves after it are"
    if result.signed_size is None:
        leaves = "the 1 leaf is" if result.unsigned == 1 else f"all {result.unsigned} leaves are"
    return f"{said}; {leaves} unsigned: had more of them been cut off with their rows, this check could not tell."


def _print_json(result: ledger.Verification) -> None:
    said = {
        "size": result.size,
        "root": result.root.hex(),
        "findings": [{"kind": f.kind, "index": f.index, "what": f.what} for f in result.findings],
        "unchecked": [{"kind": name, "what": REMEDIES[name.split()[0]]} for name in result.unchecked],
        "signed_size": result.signed_size,
        "signed_on": result.signed_on,
        "unsigned": result.unsigned,
    }
    click.echo(json.dumps(said))


def _fail(line: str) -> None:
    _complain(line)
    sys.exit(1)


def _complain(line: str) -> None:
    click.echo(line, err=True)


def _unreadable(fault: Exception) -> str:
    """One line; a setting's fault says itself what to do."""
    words = " ".join(str(fault).split())
    if isinstance(fault, ConfigError):
        return words
    return f"The database cannot be read: {words}. Check WHISTLE_DATABASE_URL and start again."
