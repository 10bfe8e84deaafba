"""Disks and networks that fail: nothing acknowledged is lost, and everything undelivered can be seen."""

import errno
import random
from pathlib import Path

import pytest

from shared.domain.vocabulary import DeliveryState
from shared.outbox.courier import Courier
from shared.outbox.failpoints import Failpoint
from shared.outbox.overview import read_outbox
from shared.outbox.transports.folder import FolderTransport
from shared.outbox.transports.https import HttpsTransport
from shared.outbox.transports.places import Gate, Place
from shared.outbox.troubles import WORDS, Reason
from shared.sealing.envelope_file import envelope_from_bytes
from tests.support.certificates import Authority
from tests.support.unit_system import Behaves, UnitSystem, serving


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.ESTALE])
@pytest.mark.parametrize("at", [Failpoint.WRITTEN_ASIDE, Failpoint.RENAMED])
def test_a_disk_in_trouble_is_shown_and_then_tried_again(post, clock, number: int, at: Failpoint) -> None:
    def trouble(passed: Failpoint) -> None:
        if passed is at:
            raise OSError(number, "")

    sent = post.releases()
    post.works(post.courier(trouble))
    with post.store.read() as tx:
        [shown] = read_outbox(tx, clock(), 7).deliveries
    clock.advance(10)
    post.works()

    assert (shown.state, shown.reason) == (DeliveryState.FAILED, WORDS[Reason.FOLDER_OUT_OF_REACH])
    assert post.row(sent).state is DeliveryState.DELIVERED
    assert post.units["kent-acu"].received() == [f"{sent.delivery_id}.candour"]


@pytest.mark.parametrize("folder", ["/proc", "/sys", "/dev/null"])
def test_a_folder_that_cannot_be_written_is_shown_and_then_tried_again(post, clock, folder: str) -> None:
    sent = post.releases()
    unwritable = Courier(post.store, {"kent-acu": FolderTransport(Path(folder))}, clock, random.Random(1))

    post.works(unwritable)
    with post.store.read() as tx:
        [shown] = read_outbox(tx, clock(), 7).deliveries
    clock.advance(10)
    post.works()

    assert (shown.state, shown.reason) == (DeliveryState.FAILED, WORDS[Reason.FOLDER_OUT_OF_REACH])
    assert post.row(sent).state is DeliveryState.DELIVERED


@pytest.mark.parametrize(
    ("behaves", "reason"),
    [
        (Behaves.SAYS_OK, Reason.NOT_ACKNOWLEDGED),
        (Behaves.KEEPS_HALF, Reason.CUT_SHORT),
        (Behaves.HANGS_UP, Reason.NO_CONNECTION),
    ],
)
def test_a_unit_that_says_yes_to_nothing_is_shown_and_then_tried_again(
    post, clock, tmp_path, behaves: Behaves, reason: Reason
) -> None:
    authority, system = Authority(tmp_path / "authority"), UnitSystem(tmp_path / "unit.db", lambda: behaves)
    here = Gate(Gate.listing(("127.0.0.0/8",)).private, lambda _host, _port: ["127.0.0.1"])
    sent = post.releases()
    with serving(system, authority.server_tls()) as port:
        way = HttpsTransport(Place("unit.example.test", port, path="/kent-acu"), authority.client_tls(), here)
        courier = Courier(post.store, {"kent-acu": way}, clock, random.Random(1))
        post.works(courier)
        with post.store.read() as tx:
            [shown] = read_outbox(tx, clock(), 7).deliveries
        system.behaves = lambda: Behaves.WELL
        clock.advance(10)
        post.works(courier)
        way.close()

    assert (shown.state, shown.reason) == (DeliveryState.FAILED, WORDS[reason])
    assert post.row(sent).state is DeliveryState.DELIVERED
    [(_, written)] = system.received("kent-acu")
    assert envelope_from_bytes(written).digest == sent.envelope.digest
