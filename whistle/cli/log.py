"""`whistle log`: check the transparency log, and sign it."""

import json
import sys

import click
from flask.cli import ScriptInfo, with_appcontext

from whistle.config import ConfigError
from whistle.services import ledger

#: Exit codes of `log verify`, fixed by contract.
FINE, FINDINGS, UNCHECKED = 0, 1, 2

#: What could not be checked, and what to do about it.
REMEDIES = {
    "checkpoint_signatures": "signatures of checkpoints: put log_signing.key back into the instance folder",
    "checkpoint_old": "what no checkpoint covers after days: is the worker running? whistle log checkpoint signs it",
    "more_findings": "there are more findings than are listed: mend these first",
    "checkpoint_root": "roots of checkpoints behind a missing leaf: restore the log from a backup",
}


@click.group("log")
def log() -> None:
    """The transparency log.

    Example: whistle log verify --json
    """


command = log


@log.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: size, root, findings.")
@click.pass_context
def verify(context: click.Context, as_json: bool) -> None:
    """Check every leaf, every row, the tree and all checkpoints.

    Exits with 0 when all was checked and nothing found, 1 when something does not match, 2 when not all could be
    checked. Without a database size and root are null.

    Example: whistle log verify
    """
    try:
        with context.ensure_object(ScriptInfo).load_app().app_context():
            result = ledger.verify()
    except (ledger.Unreadable, ConfigError) as fault:
        if as_json:
            click.echo(json.dumps({"size": None, "root": None, "findings": []}))
        _complain(_unreadable(fault))
        sys.exit(UNCHECKED)
    show = _print_json if as_json else _print_text
    show(result)
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
    except ledger.SigningKeyMissing as missing:
        _fail(f"The signing key is missing: put {missing.path} back from the backup.")
    except ledger.LogDamaged as damaged:
        _fail(f"The log no longer matches its checkpoint of {damaged.size} leaves: run whistle log verify.")
    click.echo(made.note, nl=False)


def _print_text(result: ledger.Verification) -> None:
    click.echo(f"{result.size} leaves, root {result.root.hex()}")
    for finding in result.findings:
        place = "" if finding.index is None else f" {finding.index}"
        click.echo(f"{finding.kind}{place}: {finding.what}")
    if not result.findings and result.complete:
        click.echo("Everything was checked, nothing was found.")


def _print_json(result: ledger.Verification) -> None:
    findings = [{"kind": f.kind, "index": f.index, "what": f.what} for f in result.findings]
    click.echo(json.dumps({"size": result.size, "root": result.root.hex(), "findings": findings}))


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
