"""Some forces have several units: the reviewer says which a report goes to, and none goes to a key that has expired."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from console.app import Console
from console.keyring import ReleaseBlocked
from shared.domain.vocabulary import Lane
from shared.sealing.errors import UnknownUnit
from tests.console.test_reviewing import reading, released, submit
from tests.support.organisation import ESSEX, FOUNDED, HANDLER, KENT, SUPERVISOR

Find = Callable[[Console, str], Any]
TODAY = date(2026, 3, 10)


@pytest.fixture
def shared(service: Any) -> Any:
    """Essex's unit serves Kent as well, and Kent's has that one on call."""
    organisation = service.organisation
    known = organisation.directory
    changed = {ESSEX: {"forces": ("essex", "kent")}, KENT: {"urgent": ESSEX}}
    units = tuple(unit.model_copy(update=changed.get(unit.id, {})) for unit in known.units)
    organisation.publish(service.store, known.model_copy(update={"version": known.version + 1, "units": units}))
    return organisation


def test_a_report_goes_to_the_unit_its_reviewer_chooses(
    signed_in: Callable[..., Console], service: Any, shared: Any, control: Find, qtbot: Any
) -> None:
    submit(signed_in(HANDLER), qtbot)
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)
    box, label = control(reviewer, "review.units"), control(reviewer, "review.unit")
    offered = {box.itemData(at): box.itemText(at) for at in range(box.count())}
    first, other = list(offered)

    box.setCurrentIndex(box.findData(other))
    box.activated.emit(box.currentIndex())
    seen = box.isVisible(), label.isVisible(), box.currentData()
    control(reviewer, "action.release").click()

    qtbot.waitUntil(lambda: reviewer.review.report is None, timeout=20_000)
    row, envelope = released(service)
    assert offered.keys() == {KENT, ESSEX}
    assert seen == (True, False, other)
    assert row.unit_id == other != first
    assert set(envelope.wraps) == {shared.units[other].reader.key_id, shared.supervisors.key_id}


def test_one_whose_key_has_expired_is_passed_over_and_with_no_other_it_is_said(
    signed_in: Callable[..., Console], service: Any, shared: Any
) -> None:
    known = shared.directory
    units = tuple(unit.model_copy(update={"expires": FOUNDED} if unit.id == KENT else {}) for unit in known.units)
    shared.publish(service.store, known.model_copy(update={"version": known.version + 1, "units": units}))
    keys = signed_in(SUPERVISOR).keyring.keys
    assert keys is not None

    def ids(lane: Lane) -> list[str]:
        return [unit.id for unit in keys.recipients("kent", lane, False, TODAY)]

    assert ids(Lane.ORDINARY) == ids(Lane.URGENT) == [ESSEX]
    earlier = {unit.id: unit.model_copy(update={"expires": FOUNDED}) for unit in units if unit.id == ESSEX}
    alone = replace(keys, signed=known.model_copy(update={"units": tuple(earlier.get(u.id, u) for u in known.units)}))
    assert [unit.id for unit in alone.recipients("kent", Lane.URGENT, False, TODAY)] == [KENT]  # nobody else is on call
    assert (keys.on_call_for(KENT), keys.on_call_for(ESSEX), keys.on_call_for("")) == (ESSEX, ESSEX, "")
    with pytest.raises(ReleaseBlocked):
        keys.recipients("essex", Lane.ORDINARY, False, date(2030, 1, 1))
    with pytest.raises(UnknownUnit):
        keys.recipients("devon_cornwall", Lane.ORDINARY, False, TODAY)
