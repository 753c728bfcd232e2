"""The settings: defaults, and one line for every value that cannot be used."""

import dataclasses

import pytest

from whistle import config


def test_without_any_variable_it_is_one_machine_for_itself():
    found = config.load({})
    assert found.public_url == "http://127.0.0.1:8000"
    assert found.database_url == f"sqlite:///{config.ROOT}/instance/whistle.db"
    assert found.is_loopback
    assert not found.is_https
    assert found.trust_proxy == 0


def test_the_database_lies_in_the_instance_unless_told():
    found = config.load({"WHISTLE_INSTANCE": "/srv/office"})
    assert found.database_url == "sqlite:////srv/office/whistle.db"


def test_a_relative_instance_is_meant_from_the_checkout():
    assert config.load({"WHISTLE_INSTANCE": "instance/demo"}).instance == config.ROOT / "instance/demo"


def test_listening_everywhere_the_public_address_is_the_machines_own():
    found = config.load({"HOST": "0.0.0.0", "PORT": "8080"})  # noqa: S104
    assert found.public_url == f"http://{config.machine_address()}:8080"
    assert not found.is_loopback


def test_an_https_address_is_https_and_never_loopback():
    found = config.load({"WHISTLE_PUBLIC_URL": "https://report.example.org/"})
    assert found.public_url == "https://report.example.org"
    assert found.is_https
    assert not found.is_loopback


@pytest.mark.parametrize(
    ("address", "opens_here_alone"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.0.1.1", True),
        ("http://localhost:8080", True),
        ("http://whistle.localhost", True),
        ("http://[::1]:8000", True),
        ("http://0.0.0.0:8000", True),
        ("http://192.0.2.7:8000", False),
        ("https://report.example.org", False),
        ("https://localhost.example.org", False),
    ],
)
def test_an_address_that_opens_on_this_machine_alone_is_known(address, opens_here_alone):
    assert config.load({"WHISTLE_PUBLIC_URL": address}).opens_here_alone is opens_here_alone


def test_an_empty_variable_is_none():
    assert config.load({"PORT": "", "HOST": " "}) == config.load({})


@pytest.mark.parametrize(
    ("variable", "value", "fault"),
    [
        ("PORT", "eighty", "whole number"),
        ("PORT", "0", "whole number"),
        ("PORT", "70000", "whole number"),
        ("PORT", "٨٠٨٠", "whole number"),
        ("HOST", "a b", "host name"),
        ("HOST", "http://x/", "host name"),
        ("WHISTLE_DATABASE_URL", "mysql://x/y", "sqlite:///"),
        ("WHISTLE_DATABASE_URL", "sqlite://x.db", "three slashes"),
        ("WHISTLE_DATABASE_URL", "sqlite:///", "three slashes"),
        ("WHISTLE_DATABASE_URL", "whistle.db", "sqlite:///"),
        ("WHISTLE_PUBLIC_URL", "report.example.org", "http://"),
        ("WHISTLE_PUBLIC_URL", "ftp://report.example.org", "http://"),
        ("WHISTLE_PUBLIC_URL", "https://example.org/report", "end after the host name"),
        ("WHISTLE_SMTP_URL", "mail.example.org", "smtps://"),
        ("WHISTLE_SMTP_URL", "https://mail.example.org", "smtps://"),
        ("WHISTLE_SMTP_URL", "smtps://", "server's name"),
        ("WHISTLE_SMTP_URL", "smtps://mail.example.org:post", "port as a number"),
        ("WHISTLE_SMTP_URL", "smtps://mail.example.org:70000", "port as a number"),
        ("WHISTLE_SMTP_URL", "smtps://mail.example.org/box", "cannot be read"),
        ("WHISTLE_SMTP_URL", "smtps://w@mail.example.org", "user and a password"),
        ("WHISTLE_SMTP_URL", "smtp://w:s3cret@mail.example.org", "in the clear"),
        ("WHISTLE_SMTP_URL", "smtps://mail.example.org?from=whistle", "?from="),
        ("WHISTLE_SMTP_URL", "smtps://mail.example.org?from=", "?from="),
        ("WHISTLE_SMTP_URL", "smtps://mail.example.org?to=a@example.org", "?from="),
        ("WHISTLE_TIMEZONE", "Mars/Olympus", "time zone"),
        ("WHISTLE_TIMEZONE", "../etc/passwd", "time zone"),
        ("WHISTLE_TRUST_PROXY", "yes", "whole number"),
    ],
)
def test_a_wrong_value_is_one_line_with_name_fault_and_example(variable, value, fault):
    with pytest.raises(config.ConfigError) as caught:
        config.load({variable: value})
    line = str(caught.value)
    assert line.startswith(f"{variable} ")
    assert fault in line
    assert f"Example: {variable}=" in line
    assert "\n" not in line


def test_the_process_stops_with_that_line():
    with pytest.raises(SystemExit) as caught:
        config.load_or_stop({"PORT": "x"})
    assert str(caught.value.code).startswith("PORT has to be")


def test_every_row_of_the_table_is_a_field_and_every_example_can_be_used():
    assert {row.name for row in config.SETTINGS} == {f.name for f in dataclasses.fields(config.Settings)}
    for row in config.SETTINGS:
        variable, _, value = row.example.partition("=")
        assert variable == row.variable
        config.load({variable: value})


@pytest.mark.parametrize(
    ("public", "told", "meant"),
    [
        ("https://report.example.org", "smtps://mail.example.org", "?from=whistle@report.example.org"),
        ("http://127.0.0.1:8000", "smtp://127.0.0.1:1025", "?from=whistle@localhost"),
        ("http://[::1]:8000", "smtp://localhost", "?from=whistle@localhost"),
        ("https://report.example.org", "smtps://m.example.org?from=a@example.org", ""),
    ],
)
def test_letters_come_from_the_address_that_is_said_or_from_our_own_name(public, told, meant):
    assert config.load({"WHISTLE_PUBLIC_URL": public, "WHISTLE_SMTP_URL": told}).smtp_url == told + meant


@pytest.mark.parametrize(
    "password", ["s3cret/", "s3cret#", "s3cret?", "s3cret[", "s3cret@x:y", "s3cret\u2100"]
)
def test_a_password_that_cannot_be_read_is_not_repeated(password):
    with pytest.raises(config.ConfigError) as caught:
        config.load({"WHISTLE_SMTP_URL": f"smtps://whistle:{password}@mail.example.org:x"})
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None
