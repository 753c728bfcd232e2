"""`whistle superior`: what the higher body runs on its own machine. It needs no office, no database, no network."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from whistle.services import superior
from whistle.services.errors import Invalid

PRIVATE, PUBLIC = "superior.private.txt", "superior.public.txt"
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("superior")
def command() -> None:
    """For the higher body: make the key pair, and open what the oversight desk hands up.

    Example: whistle superior key
    """


@command.command("key")
@click.option("--private", default=PRIVATE, type=FILE, show_default=True, help="File for the private key.")
@click.option("--public", default=PUBLIC, type=FILE, show_default=True, help="File for the public key.")
def key(private: Path, public: Path) -> None:
    """Make a key pair. The public file goes to the oversight desk; the private one is locked away.

    Prints the short code, to be read to the oversight desk over the telephone. No file is ever overwritten.

    Example: whistle superior key --private /media/safe/superior.private.txt
    """
    pair = superior.make_pair()
    _write_new(private, pair.private_text, mode=0o600)
    try:
        _write_new(public, pair.public_text, mode=0o644)
    except click.ClickException:
        private.unlink()
        raise
    click.echo(f"public key: {public}")
    click.echo(f"private key: {private} (keep it off every network)")
    click.echo(f"short code: {pair.short_code}")


@command.command("open")
@click.argument("file", type=FILE)
@click.option(
    "--key", "private", default=PRIVATE, type=FILE, show_default=True, help="File of the private key."
)
def open_package(file: Path, private: Path) -> None:
    """Open a package and print what is in it, the names of real-name reporters too.

    Example: whistle superior open forwarded.package --key /media/safe/superior.private.txt
    """
    text = _read(private).decode("utf-8", "replace")
    click.echo(superior.open_package(text, _read(file)))


@command.command("files")
@click.argument("package", type=FILE)
@click.argument("bundle", type=click.File("rb"))
@click.argument("into", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--key", "private", default=PRIVATE, type=FILE, show_default=True, help="File of the private key."
)
def open_files(package: Path, bundle: BinaryIO, into: Path, private: Path) -> None:
    """Open the reporters' files that came with a package, into a folder. No file is ever overwritten; nothing stays of
    one that was damaged on the way.

    Nobody scanned them: open them on a machine that is on no network.

    Example: whistle superior files forwarded.package forwarded.files opened/
    """
    text = _read(private).decode("utf-8", "replace")
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    damaged = 0
    for name, pieces in superior.open_files(text, _read(package), bundle):
        target = into / Path(name).name
        try:
            with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                _write_whole(file, target, pieces)
        except Invalid:
            click.echo(f"damaged, not kept: {target}", err=True)
            damaged += 1
            continue
        except OSError as fault:
            raise click.ClickException(
                f"Cannot make {target}: {fault.strerror}. Name another folder."
            ) from None
        click.echo(str(target))
    if damaged:
        raise click.ClickException(
            f"Damaged: {damaged}. Ask for the files again; where they are so at the office, they are in its backup."
        )


def _write_whole(file: BinaryIO, target: Path, pieces: Iterator[bytes]) -> None:
    """All of it, or no file: one that was damaged on the way must not lie there like any other."""
    try:
        file.writelines(pieces)
    except BaseException:
        target.unlink()
        raise


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise click.ClickException(
            f"Cannot read {path}: {fault.strerror}. Check the name of the file."
        ) from None


def _write_new(path: Path, text: str, *, mode: int) -> None:
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="ascii") as file:
            file.write(text + "\n")
    except OSError as fault:
        raise click.ClickException(f"Cannot make {path}: {fault.strerror}. Name another file.") from None
