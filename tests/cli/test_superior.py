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


def _bundle(folder: Path, names: dict[str, str]) -> None:
    """A package and its files, of one line each and in another order; `names` says the kind of each."""
    listed, parts = [], [superior.bundle_line("1")]
    for number, (name, kind) in enumerate(names.items(), 1):
        key, identity = bytes([number]) * 32, f"{number:024x}"
        sealed = io.BytesIO()
        with SealingStream(sealed, key, contexts.file_content(identity)) as sealing:
            sealing.write(name.encode())
        listed.insert(0, {"id": identity, "name": name, "kind": kind, "size": 1, "key": key.hex()})
        parts += [superior.file_line(identity, len(sealed.getvalue())), sealed.getvalue()]
    _seal(folder, {"case": "1", "reports": [{"identity": None, "files": listed}]})
    (folder / "bundle").write_bytes(b"".join(parts))


def test_the_files_of_a_package_get_names_that_every_disk_takes_and_no_program_runs(folder: Path) -> None:
    type_in("key")
    _bundle(folder, {"关于窗口" * 29 + ".txt": "text", "打开我.bat": "text", "照片": "jpeg"})
    done = type_in("files", "package", "bundle", "opened")
    assert done.exit_code == 0, done.stderr
    found = sorted(path.name for path in (folder / "opened").iterdir())
    assert found[:2] == ["1-照片.jpg", "2-打开我.bat.txt"]
    assert found[2].startswith("3-关于窗口")
    assert found[2].endswith(".txt")
    assert len(found[2].encode()) < 255
    first = (folder / "opened" / found[2]).read_bytes()
    assert "File exists" in refused(type_in("files", "package", "bundle", "opened"))
    assert (folder / "opened" / found[2]).read_bytes() == first


def test_a_damaged_file_is_said_and_not_left_lying_there_and_the_others_are_opened(folder: Path) -> None:
    type_in("key")
    _bundle(folder, {"a.txt": "text", "b.txt": "text", "c.txt": "text"})
    sealed = bytearray((folder / "bundle").read_bytes())
    sealed[len(sealed) // 2] ^= 1
    (folder / "bundle").write_bytes(sealed)
    done = type_in("files", "package", "bundle", "opened")
    assert (done.exit_code, done.stdout) == (1, "opened/3-a.txt\nopened/1-c.txt\n")
    assert done.stderr.splitlines()[0] == "damaged, not kept: opened/2-b.txt"
    assert {path.name for path in (folder / "opened").iterdir()} == {"3-a.txt", "1-c.txt"}


def test_files_that_are_not_all_there_are_said(folder: Path) -> None:
    type_in("key")
    _bundle(folder, {"a.txt": "text", "b.txt": "text"})
    (folder / "bundle").write_bytes(superior.bundle_line("1"))
    assert "2 of the 2 files" in refused(type_in("files", "package", "bundle", "opened"))


def test_a_key_from_the_shell_is_taken_by_the_office(folder: Path, staffed) -> None:
    done = type_in("key")
    code = superior.enter(staffed["oversight"], (folder / "superior.public.txt").read_text())
    assert f"short code: {code}" in done.stdout
    superior.confirm(staffed["oversight2"], code)
    assert superior_key() is not None
