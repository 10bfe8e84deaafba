"""After *ours* the supervisors' wraps are not in the courier's memory either: they are sought there, byte by byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shared.domain.vocabulary import DeliveryState, ReportState, Verdict
from shared.sealing.answers import sign_answer
from shared.sealing.keys import SigningKey
from shared.store.database import Store
from tests.support.memory import memory_of
from tests.support.organisation import KENT, found_organisation
from tests.support.released import release_directly

REPORTS = 6
STEPS = 10  # more than there is to do
# A courier that works one step for each line it is given, as the running one does.
COURIER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ivr.process import overwrite_what_is_freed
from shared.outbox.courier import Courier
from shared.outbox.transports.folder import FolderTransport
from shared.store.database import open_store

overwrite_what_is_freed()
store = open_store(sys.argv[1])
courier = Courier(store, {"kent-psd": FolderTransport(Path(sys.argv[2]))}, lambda: datetime(2026, 3, 11, 9, tzinfo=UTC))
for _ in sys.stdin:
    courier.step()
    sys.stderr.write("done\\n")
    sys.stderr.flush()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="another system's memory is looked into otherwise")
def test_after_ours_no_wrap_of_the_supervisors_is_in_the_couriers_memory(sqlite_store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "kent"
    (folder / "answers").mkdir(parents=True)
    organisation = found_organisation(sqlite_store)
    sent = [
        release_directly(sqlite_store, organisation, ReportState.RELEASED, DeliveryState.WAITING)
        for _ in range(REPORTS)
    ]
    withheld = [one.envelope.wraps[organisation.supervisors.key_id] for one in sent]
    pieces = [wrap[at : at + 32] for wrap in withheld for at in (0, 300, 600, 900, 1100)]
    command = [sys.executable, "-c", COURIER, str(sqlite_store.engine.url), str(folder)]

    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as courier:
        _works(courier)
        before = _found(courier.pid, pieces)
        for one in sent:
            _answers(folder, one.envelope.digest, organisation.units[KENT].answers)
        _works(courier)
        after = _found(courier.pid, pieces)
        courier.communicate()

    assert before > 0
    assert after == 0


def _works(courier: subprocess.Popen[str]) -> None:
    assert courier.stdin is not None and courier.stderr is not None
    for _ in range(STEPS):
        courier.stdin.write("step\n")
        courier.stdin.flush()
        assert courier.stderr.readline() == "done\n"


def _answers(folder: Path, digest: bytes, signing: SigningKey) -> None:
    for verdict in (Verdict.OPENED, Verdict.OURS):
        written = sign_answer(verdict, digest, KENT, signing)
        (folder / "answers" / f"{digest.hex()}.{verdict.value}.answer").write_bytes(written)


def _found(pid: int, pieces: list[bytes]) -> int:
    memory = b"".join(memory_of(pid))
    return sum(piece in memory for piece in pieces)
