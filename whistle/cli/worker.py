"""`whistle worker`: runs what is due, every minute, until stopped. Started by `whistle serve`."""

import fcntl
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from flask import Flask
from flask.cli import ScriptInfo

from whistle.services import duties

log = logging.getLogger("whistle.worker")

EVERY_SECONDS = 60
LOCK = "worker.lock"


@click.command("worker")
@click.option("--once", is_flag=True, help="Run one round and end; exit code 1 when it failed.")
@click.pass_context
def command(ctx: click.Context, once: bool) -> None:
    """Run what is due: lapses, reminders, mail, sweeps; daily due days and checkpoint. Ends on SIGTERM and Ctrl-C.

    Several workers are harmless: each round is safe to repeat, and on one machine one of them waits.

    Example: whistle worker --once
    """
    # Before the program is made: Flask gives it a handler of its own where there is none yet, and all is said twice.
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    app = ctx.ensure_object(ScriptInfo).load_app()
    if once:
        if not run_round(app):
            raise click.ClickException("The round was not finished. Run whistle doctor.")
        return
    stop = _stop_on_signals()
    while not stop.is_set():
        run_round(app)
        stop.wait(EVERY_SECONDS)


def _stop_on_signals() -> threading.Event:
    """Set by SIGTERM and SIGINT: a round under way is finished first."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop


def run_round(app: Flask) -> bool:
    """One round; False where it failed. The log names the class of an error alone: its text may hold content."""
    try:
        with app.app_context(), _alone(app.extensions["whistle"].settings.instance) as is_alone:
            if is_alone:
                duties.run_due()
    except Exception as error:
        log.error("a round failed: %s.%s", type(error).__module__, type(error).__qualname__)
        return False
    return True


@contextmanager
def _alone(instance: Path) -> Iterator[bool]:
    """Whether no other worker of this machine is at it. Spares work; that nothing is done twice is not its task."""
    with (instance / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
