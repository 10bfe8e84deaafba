import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sealing.padding import STEP_BYTES, PaddingWrong, pad, unpad


@given(st.binary(max_size=9000))
def test_padding_comes_off_as_it_went_on(content: bytes) -> None:
    assert unpad(pad(content)) == content


@pytest.mark.parametrize(("length", "steps"), [(0, 1), (1, 1), (4092, 1), (4093, 2), (8188, 2), (8189, 3)])
def test_only_the_number_of_steps_shows(length: int, steps: int) -> None:
    assert len(pad(bytes(length))) == steps * STEP_BYTES == steps * 4096


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\0\0",
        pad(b"words") + bytes(STEP_BYTES),
        pad(b"words")[:-1],
        pad(b"words")[:-1] + b"\1",
        b"\xff" * STEP_BYTES,
        (STEP_BYTES - 3).to_bytes(4, "big") + bytes(STEP_BYTES - 4),
    ],
)
def test_any_other_filling_is_refused(padded: bytes) -> None:
    with pytest.raises(PaddingWrong):
        unpad(padded)
