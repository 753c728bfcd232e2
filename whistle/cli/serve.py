"""`whistle serve`: the web server and the worker together, for one machine. If one of the two ends, both do.

Run by `make run`. Where something else supervises processes, run `gunicorn wsgi:app` and `whistle worker` there.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from whistle.config import EVERY_ADDRESS, ROOT, Settings
from whistle.services import setup

#: Ask Linux to end a child when its parent is gone, however that came about: PR_SET_PDEATHSIG of prctl(2).
PR_SET_PDEATHSIG = 1
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
STOP_SECONDS = 20
START_SECONDS = 60


@click.command("serve")
@with_appcontext
def command() -> None:
    """Serve the pages and run what is due, until stopped with Ctrl-C.

    HOST and PORT say where to listen; HOST=0.0.0.0 means every address of this machine.

    Example: PORT=8080 whistle serve
    """
    settings = current_app.extensions["whistle"].settings
    _refuse_taken_port(settings)
    link = setup.first_link()
    children: list[subprocess.Popen[bytes]] = []
    try:
        _stop_on_signals()
        children += [_start_server(settings)]
        children += [_start_worker()]
        _wait_until_served(settings, children)
        _announce(settings, link)
        code = _wait_for_one(children)
    except KeyboardInterrupt:
        code = 0
    finally:
        _end(children)
    if code:
        raise click.ClickException("The server or the worker ended by itself; what it said stands above.")


def _refuse_taken_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {settings.host} port {settings.port} ({error.strerror}). "
                f"Choose another port: PORT={settings.port + 1} make run"
            ) from None


def _start_server(settings: Settings) -> subprocess.Popen[bytes]:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    bind = f"{host}:{settings.port}"
    return _start("gunicorn", "--config", str(ROOT / "gunicorn.conf.py"), "--bind", bind, "wsgi:app")


def _start_worker() -> subprocess.Popen[bytes]:
    return _start("whistle.cli", "worker")


def _start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A child in a group of its own, so that Ctrl-C reaches it through us alone, and once."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and fixed arguments
        [sys.executable, "-m", module, *arguments], cwd=ROOT, process_group=0, preexec_fn=_end_with_parent()
    )


def _end_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    library, parent = ctypes.CDLL(None), os.getpid()

    def ask() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)

    return ask


def _stop_on_signals() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in STOPPING:
        signal.signal(number, stop)


def _wait_until_served(settings: Settings, children: list[subprocess.Popen[bytes]]) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - not bound
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and all(child.poll() is None for child in children):
        try:
            socket.create_connection((host, settings.port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def _announce(settings: Settings, link: str | None) -> None:
    click.echo(f"Whistle is at {settings.public_url}")
    if settings.host in EVERY_ADDRESS:
        click.echo("It listens on every address of this machine.")
    if link is not None:
        click.echo(f"Set it up here: {settings.public_url}/setup/{link}")
        click.echo("The link is good until the first administrator has a password.")
    click.echo("Stop it with Ctrl-C.")


def _wait_for_one(children: list[subprocess.Popen[bytes]]) -> int:
    """Until a child ends by itself; its exit code, which counts as a fault even when it is 0."""
    while all(child.poll() is None for child in children):
        time.sleep(0.5)
    return next(child.returncode for child in children if child.returncode is not None) or 1


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for number in STOPPING:  # a second Ctrl-C must not leave a child behind
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
