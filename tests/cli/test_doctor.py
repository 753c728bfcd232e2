"""`whistle doctor` as stories: a whole office, an office with gaps, and what the machine gets wrong."""

from pathlib import Path

from tests.builders import Office
from tests.cli.typed import TypeIn, type_early, type_in, typing  # noqa: F401 - fixtures
from tests.conftest import make_app
from whistle import config
from whistle.cli.doctor import WORDS
from whistle.services import accounts, desks, doctor
from whistle.services.shell import SHELL
from whistle.store.base import database as bound
from whistle.store.channels import Channel
from whistle.store.database import close_all, is_sqlite
from whistle.store.reports import Report
from whistle.web.admin.wording import FINDINGS


def test_a_whole_trial_has_no_faults(type_in: TypeIn) -> None:  # noqa: F811
    done = type_in("doctor")
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith("No faults.\n")


def test_before_the_set_up_that_is_the_fault(type_early: TypeIn) -> None:  # noqa: F811
    done = type_early("doctor")
    assert done.exit_code == 1
    assert "fault: The office is not set up." in done.stdout


def test_too_few_people_is_a_remark_that_says_what_is_not_possible(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    accounts.deactivate(office["admin"], office["officer2"].person_id)
    done = type_in("doctor")
    assert (
        "remark: 1 of at least 2 people with the role officer: nobody works a case when one is barred."
        in done.stdout
    )


def test_a_new_desk_without_a_key_is_a_fault(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    desks.make(office["admin"], "分台", "Branch desk")
    done = type_in("doctor")
    assert done.exit_code == 1
    assert "fault: The desk 分台 has no deputy" in done.stdout
    assert "fault: The desk 分台 cannot receive" in done.stdout


def test_a_holder_in_the_line_makes_the_lock_only_a_page(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    desks.name_holder(office["head"], office["deputy"].person_id)
    assert "the lock on names is only a page" in type_in("doctor").stdout


def test_a_departure_leaves_renewals(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    office.accepted()
    accounts.deactivate(office["admin"], office["intake"].person_id)
    done = type_in("doctor")
    assert "fault: 1 cases wait for new keys" in done.stdout
    assert "fault: The desk 受理台 waits for a new key" in done.stdout


def test_no_channel_is_a_fault(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    Channel.delete().execute()
    assert "fault: There is no channel" in type_in("doctor").stdout


def test_a_row_deleted_behind_its_back_is_a_fault_and_stops_no_start(office: Office, tmp_path: Path) -> None:
    if not is_sqlite():
        return
    filed = office.file()
    bound.execute_sql("PRAGMA foreign_keys = 0")
    Report.delete().where(Report.id == filed.report).execute()
    url = f"sqlite:///{bound.database}"
    close_all()
    told = _doctor_of(url, tmp_path)
    assert "fault: Rows were deleted behind the program's back: " in told
    assert "whistle log verify" in told


def test_files_that_others_may_read_are_a_fault(type_in: TypeIn, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "instance" / "forms.key").chmod(0o644)
    done = type_in("doctor")
    assert done.exit_code == 1
    assert f"Run: chmod go= {tmp_path / 'instance' / 'forms.key'}" in done.stdout


def test_an_office_without_https_is_told_who_can_use_it(staffed, tmp_path: Path) -> None:
    told = _doctor_of(staffed.url, tmp_path)
    assert "remark: No https, only this machine can use it. Set WHISTLE_PUBLIC_URL=https://" in told
    behind = _doctor_of(staffed.url, tmp_path, WHISTLE_PUBLIC_URL="https://report.example.gov.cn")
    assert "remark: https, but no proxy is trusted." in behind


def _doctor_of(url: str, folder: Path, **more: str) -> str:
    environ = {"WHISTLE_DATABASE_URL": url, "WHISTLE_INSTANCE": str(folder / "instance"), **more}
    return typing(make_app(config.load(environ)))("doctor").stdout


def test_every_finding_has_words_at_the_shell_and_on_the_page(office: Office) -> None:
    assert set(WORDS) - {"not_set_up"} == set(FINDINGS)
    assert {finding.name for finding in doctor.examine(SHELL)} <= set(WORDS)
