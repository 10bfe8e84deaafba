import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.sealing.envelope import (
    MAX_CONTENT_BYTES,
    MAX_READERS,
    Envelope,
    check_signature,
    open_envelope,
    rewrap,
    seal,
    sign_envelope,
)
from shared.sealing.errors import EnvelopeAltered, EnvelopeMalformed, NotForThisReader, SignatureWrong
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, SigningKey
from tests.shared.sealing.conftest import Parties

Seal = Callable[[bytes], Envelope]
CONTENT = b'{"what":"words of a report"}'


def draft(parties: Parties, content: bytes = CONTENT) -> Envelope:
    readers = [parties.author.public, parties.supervisors.public]
    return seal(content, new_header(EnvelopeKind.DRAFT, "report", 1), readers, None)


def test_each_reader_opens_a_report_and_finds_what_was_sealed(parties: Parties, report: Seal) -> None:
    envelope = report(CONTENT)

    assert open_envelope(envelope, parties.unit, parties.release.public) == CONTENT
    assert open_envelope(envelope, parties.supervisors, parties.release.public) == CONTENT


def test_an_envelope_is_opened_by_no_one_it_is_not_for(parties: Parties, report: Seal) -> None:
    envelope = report(CONTENT)

    for other in (parties.author, parties.stranger, ReaderKey.generate()):
        with pytest.raises(NotForThisReader):
            open_envelope(envelope, other, parties.release.public)


def test_putting_ones_own_name_on_anothers_wrap_opens_nothing(parties: Parties, report: Seal) -> None:
    envelope = report(CONTENT)
    stolen = replace(envelope, wraps={parties.stranger.key_id: envelope.wraps[parties.unit.key_id]})

    with pytest.raises(EnvelopeAltered):
        open_envelope(stolen, parties.stranger, parties.release.public)


def test_a_wrap_of_another_envelope_opens_nothing(parties: Parties, report: Seal) -> None:
    one, other = report(CONTENT), report(CONTENT)

    with pytest.raises(EnvelopeAltered):
        open_envelope(replace(one, wraps=other.wraps), parties.unit, parties.release.public)


def test_a_report_is_never_sealed_or_opened_without_the_release_key(parties: Parties, report: Seal) -> None:
    header = new_header(EnvelopeKind.REPORT, "report", 1, unit="kent-psd")

    with pytest.raises(SignatureWrong):
        seal(CONTENT, header, [parties.unit.public], None)
    with pytest.raises(SignatureWrong):
        open_envelope(report(CONTENT), parties.unit, None)


def test_only_the_expected_signer_is_accepted(parties: Parties, report: Seal) -> None:
    another = SigningKey.generate()
    by_another = sign_envelope(report(CONTENT), another)
    unsigned = replace(report(CONTENT), signature=None, signer=None)
    pretending = replace(by_another, signer=parties.release.key_id)

    for envelope in (by_another, unsigned, pretending):
        with pytest.raises(SignatureWrong):
            open_envelope(envelope, parties.unit, parties.release.public)


def test_a_signature_covers_header_and_ciphertext_but_no_wrap(parties: Parties, report: Seal) -> None:
    envelope, other = report(CONTENT), report(CONTENT)

    check_signature(replace(envelope, wraps={}), parties.release.public)
    for altered in (replace(envelope, header=other.header), replace(envelope, ciphertext=other.ciphertext)):
        with pytest.raises(SignatureWrong):
            check_signature(altered, parties.release.public)


def test_an_envelope_signed_by_nobody_may_be_signed_later(parties: Parties) -> None:
    envelope = draft(parties)

    signed = sign_envelope(envelope, parties.release)

    assert open_envelope(signed, parties.author, parties.release.public) == CONTENT
    assert signed.digest == envelope.digest


def test_the_header_cannot_be_exchanged_even_where_nothing_is_signed(parties: Parties) -> None:
    envelope = draft(parties)
    other_header = new_header(EnvelopeKind.DRAFT, "report", 2).to_bytes()

    with pytest.raises(EnvelopeAltered):
        open_envelope(replace(envelope, header=other_header), parties.author, None)


def test_taking_a_reader_away_is_deleting_a_wrap(parties: Parties, report: Seal) -> None:
    envelope = report(CONTENT)

    answered = envelope.without_wrap(parties.supervisors.key_id)

    assert answered.digest == envelope.digest
    assert open_envelope(answered, parties.unit, parties.release.public) == CONTENT
    with pytest.raises(NotForThisReader):
        open_envelope(answered, parties.supervisors, parties.release.public)
    with pytest.raises(NotForThisReader):
        answered.without_wrap(parties.supervisors.key_id)


def test_a_force_is_sent_its_own_wrap_alone(parties: Parties, report: Seal) -> None:
    envelope = report(CONTENT)

    sent = envelope.only_wrap(parties.unit.key_id)

    assert set(sent.wraps) == {parties.unit.key_id}
    assert sent.digest == envelope.digest
    with pytest.raises(NotForThisReader):
        envelope.only_wrap(parties.stranger.key_id)


def test_a_reader_may_let_another_read_and_the_digest_stays(parties: Parties) -> None:
    envelope = draft(parties)

    shared = rewrap(envelope, parties.author, parties.unit.public)

    assert open_envelope(shared, parties.unit, None) == CONTENT
    assert open_envelope(shared, parties.supervisors, None) == CONTENT
    assert shared.digest == envelope.digest
    with pytest.raises(NotForThisReader):
        rewrap(envelope, parties.stranger, parties.stranger.public)


def test_one_ciphertext_has_one_content_key(parties: Parties) -> None:
    # A wrap of any other key is found out before anything is decrypted, so no two readers of a digest read differently.
    envelope = draft(parties)
    other_key = parties.author.public.wrap(bytes(32), envelope.header)

    with pytest.raises(EnvelopeAltered):
        open_envelope(replace(envelope, wraps={parties.author.key_id: other_key}), parties.author, None)


def test_every_sealing_has_a_key_a_nonce_and_a_digest_of_its_own(parties: Parties, report: Seal) -> None:
    header = new_header(EnvelopeKind.DRAFT, "report", 1)
    sealings = [seal(CONTENT, header, [parties.author.public], None) for _ in range(50)]

    assert len({sealing.ciphertext[:12] for sealing in sealings}) == 50
    assert len({sealing.ciphertext[12:44] for sealing in sealings}) == 50
    assert len({sealing.digest for sealing in sealings}) == 50


@pytest.mark.parametrize(("shorter", "longer"), [(0, 4092), (4093, 8188)])
def test_lengths_within_a_step_look_alike(parties: Parties, shorter: int, longer: int) -> None:
    lengths = {len(draft(parties, bytes(length)).ciphertext) for length in (shorter, (shorter + longer) // 2, longer)}

    assert len(lengths) == 1
    assert len(draft(parties, bytes(longer + 1)).ciphertext) == lengths.pop() + 4096


def test_nothing_of_the_content_shows(parties: Parties, report: Seal) -> None:
    envelope = report(b"Sergeant Marlow " * 100)

    assert b"Marlow" not in envelope.header + envelope.ciphertext + b"".join(envelope.wraps.values())
    assert "Marlow" not in repr(envelope)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(content=st.binary(max_size=9000))
def test_any_content_comes_back_as_it_was(parties: Parties, content: bytes) -> None:
    assert open_envelope(draft(parties, content), parties.supervisors, None) == content


def test_the_largest_content_is_sealed_and_one_byte_more_is_refused(parties: Parties) -> None:
    assert open_envelope(draft(parties, bytes(MAX_CONTENT_BYTES)), parties.author, None) == bytes(MAX_CONTENT_BYTES)
    with pytest.raises(EnvelopeMalformed):
        draft(parties, bytes(MAX_CONTENT_BYTES + 1))


def test_there_is_a_reader_and_each_reader_once_and_not_too_many(parties: Parties) -> None:
    header = new_header(EnvelopeKind.DRAFT, "report", 1)
    crowd = [ReaderKey.generate().public for _ in range(MAX_READERS + 1)]

    for readers in ([], [parties.author.public] * 2, crowd):
        with pytest.raises(EnvelopeMalformed):
            seal(CONTENT, header, readers, None)
    full = seal(CONTENT, header, [parties.author.public, *crowd[: MAX_READERS - 1]], None)
    with pytest.raises(EnvelopeMalformed):
        rewrap(full, parties.author, crowd[-1])


def test_parts_of_an_impossible_shape_make_no_envelope(parties: Parties, report: Seal) -> None:
    envelope = report(CONTENT)
    impossible: list[dict[str, object]] = [
        {"ciphertext": b""},
        {"ciphertext": envelope.ciphertext[:-1]},
        {"ciphertext": envelope.ciphertext + bytes(4096 * 64)},
        {"wraps": {"short": next(iter(envelope.wraps.values()))}},
        {"wraps": {parties.unit.key_id: b"short"}},
        {"signature": None},
        {"signer": None},
        {"signature": b"short"},
        {"signer": "somebody"},
    ]

    for change in impossible:
        with pytest.raises(EnvelopeMalformed):
            replace(envelope, **change)  # type: ignore[arg-type]


def test_an_envelope_does_not_change_in_ones_hands(report: Seal) -> None:
    envelope = report(CONTENT)

    with pytest.raises(TypeError):
        envelope.wraps["0" * 32] = b""  # type: ignore[index]
    assert json.loads(envelope.header)["unit"] == envelope.about.unit == "kent-psd"


def test_once_a_force_says_ours_no_key_of_the_organisation_opens_anything(parties: Parties, report: Seal) -> None:
    answered = report(CONTENT).without_wrap(parties.supervisors.key_id)
    (units_wrap,) = answered.wraps.values()

    for held in (parties.author, parties.supervisors):
        with pytest.raises(NotForThisReader):
            open_envelope(answered, held, parties.release.public)
        with pytest.raises(NotForThisReader):
            rewrap(answered, held, held.public)
        with pytest.raises(EnvelopeAltered):
            open_envelope(replace(answered, wraps={held.key_id: units_wrap}), held, parties.release.public)
