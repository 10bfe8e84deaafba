"""The service's own side where a whole deployment is not needed: disk, certificate, folders, roots."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ivr.checks.inside import LEAST_ROOM, certificate, disk, edge, launch
from shared.settings import Config, Edge
from shared.store.database import Store
from shared.summary.launch_day import keep_launch

TODAY = date(2026, 3, 10)


def config(folder: Path, **desk: Any) -> Config:
    written = {
        "line": {"public_url": "https://line.example.org"},
        "desk": desk,
        "database": {"url": "sqlite:///candour.db"},
        "telephony": {
            "provider": "twilio", "account_sid": "AC" + "1" * 32, "auth_token": "2" * 32, "number": "+448081570123",
        },
        "outbox": {},
    }  # fmt: skip
    return Config.model_validate(written, context={"folder": folder})


def written_certificate(folder: Path, good_until: date) -> dict[str, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk.example.org")])
    expires = datetime(good_until.year, good_until.month, good_until.day, 12, tzinfo=UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(expires - timedelta(days=90)).not_valid_after(expires).sign(key, hashes.SHA256())
    )  # fmt: skip
    files = {"certificate": folder / "desk.pem", "key": folder / "desk.key"}
    files["certificate"].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files["key"].write_bytes(b"not looked at here")
    return files


@pytest.mark.parametrize(("free", "well"), [(LEAST_ROOM, True), (LEAST_ROOM - 1, False)])
def test_a_disk_that_is_nearly_full_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, well: bool
) -> None:
    asked: list[Path] = []
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: asked.append(place) or usage)

    found = disk(config(tmp_path), Path("/elsewhere"))

    assert found.well is well
    assert asked == [tmp_path], "the room that matters is where the database is"


@pytest.mark.parametrize(("days", "well"), [(90, True), (31, True), (30, False), (-1, False)])
def test_the_desks_certificate_is_warned_of_in_time(tmp_path: Path, days: int, well: bool) -> None:
    files = written_certificate(tmp_path, TODAY + timedelta(days=days))

    found = certificate(config(tmp_path, **files), TODAY)

    assert found is not None
    assert found.well is well
    assert str(TODAY + timedelta(days=days)) in found.found


def test_a_certificate_that_is_none_is_found(tmp_path: Path) -> None:
    files = written_certificate(tmp_path, TODAY)
    files["certificate"].write_text("nothing of the kind", encoding="utf-8")

    found = certificate(config(tmp_path, **files), TODAY)

    assert found is not None
    assert not found.well


def test_a_desk_without_a_certificate_of_its_own_has_none_to_look_at(tmp_path: Path) -> None:
    assert certificate(config(tmp_path), TODAY) is None


@pytest.mark.parametrize(("where", "well"), [(Edge.APART, True), (Edge.TOGETHER, False)])
def test_an_edge_that_is_not_apart_is_found(tmp_path: Path, where: Edge, well: bool) -> None:
    settings = config(tmp_path)

    found = edge(settings.model_copy(update={"line": settings.line.model_copy(update={"edge": where})}))

    assert found.well is well


def test_a_launch_that_was_changed_after_figures_left_is_found(store: Store) -> None:
    day = date(2025, 12, 10)
    with store.begin() as tx:
        before = [launch(tx, None), launch(tx, day)]
        keep_launch(tx, day, TODAY)
        after, moved, gone = launch(tx, day), launch(tx, TODAY), launch(tx, None)

    assert all(found.well and "no figures have left yet" in found.found for found in before)
    assert (after.well, after.found) == (
        True,
        "[summary] launch = 2025-12-10, written down on 2026-03-10 as figures left",
    )
    for found in (moved, gone):
        assert not found.well
        assert "put launch = 2025-12-10 back into the configuration" in found.to_do
