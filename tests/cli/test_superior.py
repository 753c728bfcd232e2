"""`whistle superior` as stories: at the higher body, without an office, a database or a network."""

import io
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.typed import refused
from whistle.cli import shell
from whistle.services import contexts, superior
from whistle.services.grants import superior_key
from whistle.store.desks import SuperiorKey
from whistle.vault import keys
from whistle.vault.stream import SealingStream


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def type_in(*words: str) -> Result:
    return CliRunner().invoke(shell, ["superior", *words])


def test_a_pair_is_two_files_and_a_short_code(folder: Path) -> None:
    done = type_in("key")
    assert done.exit_code == 0, done.stderr
    private, public = folder / "superior.private.txt", folder / "superior.public.txt"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert public.read_text().startswith("whistle-superior-public-1 ")
    assert private.read_text().split()[1] not in done.stdout
    assert "short code: " in done.stdout


def test_no_key_is_ever_overwritten(folder: Path) -> None:
    type_in("key")
    before = {path.name: path.read_text() for path in folder.iterdir()}
    assert "File exists" in refused(type_in("key"))
    assert {path.name: path.read_text() for path in folder.iterdir()} == before


def test_a_pair_is_whole_or_not_there(folder: Path) -> None:
    (folder / "superior.public.txt").write_text("older")
    assert "File exists" in refused(type_in("key"))
    assert not (folder / "superior.private.txt").exists()


def test_what_was_sealed_to_the_key_is_printed(folder: Path) -> None:
    type_in("key")
    _seal(folder, {"case": "1", "reports": [{"identity": None, "story": "窗口收钱"}]})
    done = type_in("open", "package")
    assert done.exit_code == 0, done.stderr
    assert "窗口收钱" in done.stdout


def _seal(folder: Path, content: dict) -> None:
    text = (folder / "superior.public.txt").read_text()
    key = SuperiorKey(id=1, public=superior._from_text(superior.PUBLIC_MARK, text, "key"))
    (folder / "package").write_bytes(superior.seal_package(key, content["case"], content))


def _bundle(folder: Path, *named: tuple[str, bytes]) -> None:
    """A package and the files beside it."""
    told, bundle = [], superior.bundle_line("1")
    for number, (name, content) in enumerate(named):
        file, key, out = f"{number:024x}", keys.new_key(), io.BytesIO()
        with SealingStream(out, key, contexts.file_content(file)) as stream:
            stream.write(content)
        bundle += superior.file_line(file, len(out.getvalue())) + out.getvalue()
        told.append({"id": file, "name": name, "kind": "text", "key": key.hex()})
    _seal(folder, {"case": "1", "reports": [{"identity": None, "files": told}]})
    (folder / "files").write_bytes(bundle)


def test_the_files_that_came_along_are_opened_under_names_that_start_no_program(folder: Path) -> None:
    type_in("key")
    _bundle(folder, ("经过.bat", b"words"), ("长" * 116 + ".txt", b"more"))
    done = type_in("files", "package", "files", "opened")
    assert done.exit_code == 0, done.stderr
    first, second = sorted((folder / "opened").iterdir())
    assert (first.name, first.read_bytes()) == ("1-经过.bat.txt", b"words")
    assert (second.suffix, second.read_bytes()) == (".txt", b"more")
    assert "File exists" in refused(type_in("files", "package", "files", "opened"))
    assert first.read_bytes() == b"words"


def test_nothing_stays_of_a_file_that_was_damaged_on_the_way(folder: Path) -> None:
    type_in("key")
    _bundle(folder, ("经过.txt", b"words" * 100_000))
    whole = (folder / "files").read_bytes()
    (folder / "files").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    refused(type_in("files", "package", "files", "opened"))
    assert list((folder / "opened").iterdir()) == []


def test_a_wrong_key_a_damaged_file_and_no_file_are_one_line_each(folder: Path) -> None:
    type_in("key")
    type_in("key", "--private", "other.txt", "--public", "other.public.txt")
    _seal(folder, {"case": "1", "reports": []})
    assert "not sealed to this key" in refused(type_in("open", "package", "--key", "other.txt"))
    sealed = bytearray((folder / "package").read_bytes())
    sealed[-1] ^= 1
    (folder / "damaged").write_bytes(sealed)
    assert "damaged on the way" in refused(type_in("open", "damaged"))
    (folder / "newer").write_bytes((folder / "package").read_bytes().replace(b"-1 ", b"-2 ", 1))
    assert "another version" in refused(type_in("open", "newer"))
    assert "no package of Whistle" in refused(type_in("open", "superior.public.txt"))
    assert "Cannot read nothing" in refused(type_in("open", "nothing"))
    assert "no private key" in refused(type_in("open", "package", "--key", "superior.public.txt"))


def test_a_key_from_the_shell_is_taken_by_the_office(folder: Path, staffed) -> None:
    done = type_in("key")
    code = superior.enter(staffed["oversight"], (folder / "superior.public.txt").read_text())
    assert f"short code: {code}" in done.stdout
    superior.confirm(staffed["oversight2"], code)
    assert superior_key() is not None
