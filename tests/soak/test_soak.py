"""A short soak, and that a soak would see what it is there to see."""

import random
import subprocess
import sys

import pytest

from shared.domain.review import release_report
from shared.outbox.courier import Courier
from shared.outbox.transports.https import HttpsTransport
from shared.outbox.transports.places import Gate, Place
from tests.soak.actors import PLACES, UNIT_HOST, order_note
from tests.soak.scene import Scene, prepared
from tests.soak.verdict import Verdict, judge
from tests.support.certificates import Authority
from tests.support.unit_system import UnitSystem, serving

REPORTS = 6


@pytest.mark.parametrize(("database", "reports", "kills"), [("sqlite", 24, 12), ("postgresql", 12, 6)])
def test_killed_at_random_nothing_is_lost_doubled_cut_short_or_out_of_order(
    database: str, reports: int, kills: int
) -> None:
    asked = [sys.executable, "-m", "tests.soak", "--reports", str(reports), "--kills", str(kills), "--seed", "7"]
    asked += ["--database", database]

    ended = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)

    last = ended.stdout.splitlines()[-1]
    assert last == f"soak: reports {reports}, kills {kills}, lost 0, doubled 0, cut short 0, out of order 0"
    assert ended.returncode == 0, ended.stderr


@pytest.fixture
def over(sqlite_store, tmp_path) -> Scene:
    """A soak that is over, with nobody killed."""
    scene = prepared(str(sqlite_store.engine.url), tmp_path, REPORTS)
    for item in scene.items:
        who, unit_id, now = scene.supervisor_id, item.unit_id, scene.clock()
        with sqlite_store.begin() as tx:
            release_report(tx, who, item.report_id, item.revision, unit_id, item.envelope, item.word, now)
    authority = Authority(tmp_path / "authority")
    answering = {unit_id: unit.answers for unit_id, unit in scene.organisation.units.items()}
    here = Gate(Gate.listing(("127.0.0.0/8",)).private, lambda _host, _port: ["127.0.0.1"])
    with serving(UnitSystem(tmp_path / "units.db", answering=answering), authority.server_tls()) as port:
        ways = {
            unit_id: HttpsTransport(Place(UNIT_HOST, port, path=f"/{unit_id}"), authority.client_tls(), here)
            for unit_id in scene.organisation.units
        }
        note = order_note(sqlite_store, tmp_path / PLACES)
        courier = Courier(sqlite_store, ways, scene.clock, random.Random(1), note)
        while courier.step():
            pass
        for way in ways.values():
            way.close()
    return scene


def _tampered(scene: Scene, statement: str) -> Verdict:
    database = UnitSystem(scene.folder / "units.db").connection()
    database.execute(statement)
    database.close()
    return judge(scene, range(REPORTS))


def test_a_soak_in_which_all_went_well_says_so(over: Scene) -> None:
    assert judge(over, range(REPORTS)) == Verdict(0, 0, 0, 0)


def test_a_report_that_is_not_at_its_unit_is_lost(over: Scene) -> None:
    assert _tampered(over, "DELETE FROM received WHERE number = 1").lost == 1


def test_a_report_that_is_there_twice_is_doubled(over: Scene) -> None:
    twice = "INSERT INTO received (unit, name, digest, written) SELECT unit, 'again', digest, written FROM received"

    assert _tampered(over, f"{twice} WHERE number = 2").doubled == 1


def test_a_report_of_which_there_is_half_is_cut_short_and_lost(over: Scene) -> None:
    found = _tampered(over, "UPDATE received SET written = substr(written, 1, 900) WHERE number = 3")

    assert (found.cut_short, found.lost) == (1, 1)


def test_a_report_that_overtook_another_is_out_of_order(over: Scene) -> None:
    database = UnitSystem(over.folder / "units.db").connection()
    ends = "SELECT min(number), max(number) FROM received WHERE unit = 'essex-psd'"
    first, last = database.execute(ends).fetchone()
    for place, number in ((-1, first), (first, last), (last, -1)):
        database.execute("UPDATE received SET number = ? WHERE number = ?", (place, number))
    database.close()

    assert judge(over, range(REPORTS)).out_of_order > 0
