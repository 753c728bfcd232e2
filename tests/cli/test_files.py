"""`whistle files` as stories: how much room there is, and what nobody knows of."""

import datetime as dt

from tests.cli.typed import TypeIn, type_in  # noqa: F401 - fixtures
from whistle import clock
from whistle.services.visit_files import Receiving
from whistle.store import files

AGO = dt.timedelta(days=2)


def left_over(name: str, *, is_whole: bool) -> Receiving:
    """A file that came in two days ago and that no row knows of."""
    with clock.at(clock.now() - AGO):
        received = Receiving(name)
        received.write(b"x" * 3_000)
        received.finish()
        if is_whole:
            received.keep()
    return received


def test_a_dry_run_says_which_files_would_go_and_leaves_them(type_in: TypeIn) -> None:  # noqa: F811
    whole, part = left_over("a.txt", is_whole=True), left_over("b.txt", is_whole=False)
    done = type_in("files", "sweep", "--dry-run")
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    day = clock.today() - AGO
    assert any(line.startswith(f"{whole.id}, of {day}, ") and line.endswith(" bytes") for line in lines)
    assert any(
        line.startswith(f"{part.id}, of {day}, ") and line.endswith("never finished") for line in lines
    )
    assert lines[-1] == "2 files, 0.0 MB, that nobody knows of"
    assert {found.name for found in files.store().all()} == {whole.id, part.id}
    part.discard()


def test_nothing_is_deleted_where_nobody_is_asked_and_all_with_yes(type_in: TypeIn) -> None:  # noqa: F811
    left_over("a.txt", is_whole=True)
    done = type_in("files", "sweep")
    assert done.exit_code == 1
    assert "Nothing was deleted" in done.stderr
    assert type_in("files", "sweep", "--yes").stdout.splitlines()[-1] == "1 files deleted"
    assert not list(files.store().all())
