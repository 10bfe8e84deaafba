"""The ``candour`` command, run as a person runs it, on an organisation of its own."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from contextlib import closing

import pytest
from click.testing import Result

from ivr.cli import COMMANDS
from shared.config import load_config
from shared.force_side.unit_keys import enrolment_request, new_unit_keys
from shared.settings import Provider
from tests.ivr.test_serving import free_addresses
from tests.support.office import HANDSET, PASSPHRASES, Office, by

# --- starting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, office: Office) -> None:
    told = office.candour(command, "--help")

    assert told.exit_code == 0
    assert len(told.output.splitlines()) > 3


def test_help_names_every_command_with_a_line_of_its_own(office: Office) -> None:
    told = office.candour("--help").output

    for command in COMMANDS:
        assert any(line.strip().startswith(f"{command} ") for line in told.splitlines()), command


def test_a_missing_configuration_is_named_and_the_status_is_2(office: Office) -> None:
    told = office.candour("check")

    assert told.exit_code == 2
    assert told.output.startswith(f"candour: There is no file {office.data}/config.toml.")


def test_every_wrong_key_has_a_line_of_its_own(office: Office) -> None:
    office.data.mkdir()
    (office.data / "config.toml").write_text('[line]\nlisten = "here"\n[telephny]\n', encoding="utf-8")

    told = office.candour("serve")

    assert told.exit_code == 2
    lines = told.output.splitlines()
    assert all(line.startswith("candour: [") for line in lines)
    assert "candour: [telephny]: unknown. Did you mean telephony?" in lines


def test_a_database_that_is_away_is_said_in_a_sentence(founded: Office) -> None:
    config = founded.data / "config.toml"
    away = "postgresql://candour@/candour?host=/nowhere"
    config.write_text(config.read_text(encoding="utf-8").replace("sqlite:///candour.db", away), encoding="utf-8")

    told = founded.candour("person", "list")

    assert told.exit_code == 1
    assert told.output == "candour: The database cannot be reached or used. See [database] url.\n"


# --- founding -------------------------------------------------------------------------------------------------------


def test_founding_leaves_a_configuration_that_works(founded: Office) -> None:
    config = load_config(founded.data / "config.toml", {})

    assert config.telephony.provider is Provider.SIMULATOR
    assert config.database.url.get_secret_value() == f"sqlite:///{founded.data}/candour.db"


def test_the_root_key_is_outside_the_data_folder_and_for_its_owner_alone(founded_once: Office) -> None:
    root = founded_once.folder / "data-root.key"

    assert stat.S_IMODE(root.stat().st_mode) == 0o600
    assert not list(founded_once.data.glob("*.key"))


def test_a_root_key_inside_the_data_folder_is_refused(office: Office) -> None:
    told = office.found("--root", str(office.data / "root.key"))

    assert told.exit_code == 1
    assert "outside the data folder" in told.output
    assert not office.data.exists()


def test_founding_twice_changes_nothing(founded: Office) -> None:
    before = {path: path.read_bytes() for path in founded.folder.rglob("*") if path.is_file()}

    told = founded.found()

    assert told.exit_code == 1
    assert "already. Nothing was changed." in told.output
    assert {path: path.read_bytes() for path in before} == before


def test_a_short_passphrase_is_refused_before_anything_is_written(office: Office) -> None:
    short = office.folder / "short.txt"
    short.write_text("too short", encoding="utf-8")

    told = office.found("--root-passphrase-file", str(short))

    assert told.exit_code == 1
    assert "14 to 128 characters" in told.output
    assert not office.data.exists()


def test_nothing_secret_is_printed_or_kept_in_the_open(founded_once: Office) -> None:
    kept = b"".join(path.read_bytes() for path in founded_once.data.iterdir())

    for passphrase in PASSPHRASES.values():
        assert passphrase.encode() not in kept
    assert b"-secret." not in kept


def test_a_configuration_for_twilio_says_what_is_still_missing(office: Office) -> None:
    assert office.found("--twilio").exit_code == 0

    told = office.candour("check")

    assert told.exit_code == 2
    assert "candour: [telephony] account_sid: not possible." in told.output


# --- people ---------------------------------------------------------------------------------------------------------


def test_a_handler_is_taken_in_by_a_supervisor(founded: Office) -> None:
    told = founded.take_in("Tom", "--role", "handler", "--handset", HANDSET, *by(founded, "Rhian"))

    assert told.exit_code == 0, told.output
    listed = founded.candour("person", "list").output.splitlines()
    assert listed == ["Rhian: supervisor; en-GB; no handset", "Tom: handler; en-GB; +442079460001"]


def test_a_second_supervisor_can_take_in_a_third_person(founded: Office) -> None:
    assert founded.take_in("Eve", "--role", "supervisor", *by(founded, "Rhian")).exit_code == 0

    told = founded.take_in("Tom", "--role", "handler", *by(founded, "Eve"))

    assert told.exit_code == 0, told.output


def test_nobody_is_taken_in_on_a_wrong_passphrase(founded: Office) -> None:
    wrong = founded.folder / "wrong.txt"
    wrong.write_text("not the passphrase at all", encoding="utf-8")

    told = founded.take_in("Tom", "--role", "handler", "--by", "Rhian", "--by-passphrase-file", str(wrong))

    assert told.exit_code == 1
    assert told.output == "candour: The name or the passphrase of the person who vouches is not right.\n"
    assert "Tom" not in founded.candour("person", "list").output


def test_a_name_is_given_once(founded: Office) -> None:
    told = founded.take_in("Rhian", "--role", "auditor")

    assert told.output == "candour: There is a person of this name already.\n"


def test_a_handset_that_is_no_number_is_refused(founded: Office) -> None:
    told = founded.take_in("Tom", "--role", "handler", "--handset", "extension 5")

    assert told.exit_code == 2
    assert "a telephone number with +44" in told.output


def test_a_passphrase_can_be_typed_and_is_not_shown(founded: Office) -> None:
    typed = "\n".join((PASSPHRASES["Tom"], PASSPHRASES["Tom"])) + "\n"

    told = founded.candour("keys", "backup-key", str(founded.folder / "backup.key"), typed=typed)

    assert told.exit_code == 0, told.output
    assert PASSPHRASES["Tom"] not in told.output


# --- forces and keys ------------------------------------------------------------------------------------------------


def enrol(office: Office, *words: str, typed: str | None = None) -> Result:
    return enrol_by(office, "--folder", str(office.folder / "kent"), *words, typed=typed)


def enrol_by(office: Office, *words: str, typed: str | None = None) -> Result:
    request = office.folder / "request.json"
    request.write_bytes(enrolment_request(new_unit_keys("kent-psd"), "Kent Professional Standards", ("kent",)))
    return office.candour(
        "force", "add-unit", "kent-psd", "--request", str(request),
        "--root-passphrase-file", office.passphrase("root"), *words, typed=typed,
    )  # fmt: skip


def test_an_enrolled_unit_makes_its_force_deliverable(founded: Office) -> None:
    told = enrol(founded, "--force", "kent", "--yes")

    assert told.exit_code == 0, told.output
    listed = founded.candour("force", "list").output.splitlines()
    assert len(listed) == 49
    assert [line.split() for line in listed if line.startswith("kent ")] == [["kent", "yes"]]
    assert listed[-1] == "1 of 48 forces can be delivered to."


def test_a_unit_is_not_enrolled_until_its_fingerprints_were_compared(founded: Office) -> None:
    before = (founded.data / "config.toml").read_bytes()

    told = enrol(founded, "--force", "kent", typed="n\n")

    assert told.exit_code == 1
    assert (founded.data / "config.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--force", "surrey"), "The request is for kent, not surrey."),
        (("--force", "kent", "--force", "surrey"), "The request is for kent, not kent, surrey."),
        (("--force", "narnia"), "There is no force narnia."),
    ],
)
def test_a_request_for_other_forces_than_agreed_is_refused(founded: Office, words: tuple[str, ...], told: str) -> None:
    result = enrol(founded, "--yes", *words)

    assert result.exit_code == 1
    assert told in result.output


_HTTPS = ("--https", "https://unit.example/in", "--certificate", "us.pem", "--key", "us.key", "--api-key", "api")
_SFTP = ("--sftp", "sftp://candour@unit.example/in", "--key", "us.key", "--host-keys", "known")
_MAIL = ("--mail", "unit@unit.example")
_OUR_MAIL = (
    '[outbox]\nmail_server = "smtps://us@mail.example"\nmail_from = "us@mail.example"\n'
    'mailbox = "imaps://us@mail.example"\n'
)


@pytest.mark.parametrize(("way", "before"), [(_HTTPS, "[outbox]\n"), (_SFTP, "[outbox]\n"), (_MAIL, _OUR_MAIL)])
def test_every_way_to_a_unit_is_written_as_the_configuration_reads_it(
    founded: Office, way: tuple[str, ...], before: str
) -> None:
    config = founded.data / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("[outbox]\n", before), encoding="utf-8")

    told = enrol_by(founded, "--force", "kent", "--yes", *way)

    assert told.exit_code == 0, told.output
    route = load_config(config, {}).outbox.units["kent-psd"]
    assert f"--{route.way}" == way[0]
    assert getattr(route, route.way) == way[1]
    assert {path.name for path in route.files} == set(way[3::2])
    assert all(path.is_absolute() for path in route.files)


@pytest.mark.parametrize(
    ("way", "told"),
    [
        (("--https", "https://unit.example/in"), "certificate and key are needed"),
        (("--https", "http://unit.example/in", "--certificate", "a", "--key", "b"), "https"),
        (_MAIL, "mail_server and mail_from are needed"),
        (("--folder", "kent", *_MAIL), "exactly one of folder, https, mail and sftp"),
    ],
)
def test_a_way_that_cannot_be_used_enrols_nobody_and_writes_nothing(
    founded: Office, way: tuple[str, ...], told: str
) -> None:
    before = (founded.data / "config.toml").read_bytes()

    result = enrol_by(founded, "--force", "kent", "--yes", *way)

    assert result.exit_code == 1
    assert told in result.output
    assert (founded.data / "config.toml").read_bytes() == before
    assert "0 of 48 forces" in founded.candour("force", "list").output
    assert not list(founded.data.glob(".*.part"))


def test_the_keys_in_use_are_shown_by_fingerprint(founded: Office) -> None:
    shown = founded.candour("keys", "show").output

    assert all(name in shown for name in ("Root", "Supervisors", "Desk", "Release"))
    assert "secret" not in shown


def test_the_directory_is_written_out_for_a_unit(founded: Office) -> None:
    target = founded.folder / "directory.json"

    founded.candour("keys", "directory", str(target))

    assert target.read_bytes().startswith(b'{"candour":"directory/1"')


# --- looking after it -----------------------------------------------------------------------------------------------


def test_check_says_what_to_do_next(founded: Office) -> None:
    told = founded.candour("check")

    assert told.exit_code == 1
    assert "candour person add NAME --role handler --handset NUMBER" in told.output
    assert "candour force add-unit" in told.output


def test_an_untouched_audit_log_is_whole(founded: Office) -> None:
    assert founded.candour("audit", "verify").output.startswith("The audit log is whole.\n")


def test_a_database_that_is_not_there_is_said_and_not_made(founded: Office) -> None:
    (founded.data / "candour.db").unlink()

    told = founded.candour("audit", "verify")

    assert told.exit_code == 1
    assert "There is no database at" in told.output
    assert not (founded.data / "candour.db").exists()


def test_a_file_that_is_no_database_is_said_to_be_none(founded: Office) -> None:
    (founded.data / "candour.db").write_bytes(b"something else entirely")

    told = founded.candour("person", "list")

    assert told.exit_code == 1
    assert "is no database" in told.output


def test_a_file_that_cannot_be_written_is_named(founded: Office) -> None:
    told = founded.candour("keys", "directory", str(founded.data / "nowhere" / "directory.json"))

    assert told.exit_code == 1
    assert "directory.json cannot be used: No such file or directory." in told.output


def test_a_page_put_into_the_audit_log_is_found(founded: Office) -> None:
    with closing(sqlite3.connect(founded.data / "candour.db")) as database, database:
        database.execute("INSERT INTO audit_page VALUES ('2026-03-10', 1, zeroblob(32), zeroblob(32))")

    told = founded.candour("audit", "verify")

    assert told.exit_code == 1
    assert "2026-03-10: " in told.output


@pytest.mark.parametrize("command", ["simulate", "phone"])
def test_the_simulator_is_refused_with_the_real_provider(command: str, office: Office) -> None:
    office.data.mkdir()
    (office.data / "config.toml").write_text(
        f"""
        [line]
        public_url = "https://line.example.org"
        [telephony]
        provider = "twilio"
        account_sid = "AC{"1" * 32}"
        auth_token = "{"2" * 32}"
        number = "+448081570123"
        """,
        encoding="utf-8",
    )

    told = office.candour(command)

    assert told.exit_code == 1
    assert 'provider = "simulator"' in told.output


def test_the_service_refuses_to_go_live_where_nothing_can_be_delivered(
    founded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    config = founded.data / "config.toml"
    text = config.read_text(encoding="utf-8")
    listening = _for_twilio(text)
    for at in re.findall(r"(?m)^listen = (.*)$", listening):
        listening = listening.replace(at, f'"{free_addresses(1)[0]}"')
    config.write_text(listening, encoding="utf-8")

    told = founded.candour("serve")

    assert told.exit_code == 2
    assert told.output == "candour: No report could be delivered to any force yet: 'candour force list' says why.\n"


def _for_twilio(text: str) -> str:
    kept = [line for line in text.splitlines() if not line.startswith(("provider", "api_base_url", "second_factor"))]
    return "\n".join(kept).replace("[telephony]", '[telephony]\nprovider = "twilio"')
