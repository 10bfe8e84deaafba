"""Messages from strangers: what is attached is had, and no heading keeps the reader from the next message."""

from email.message import EmailMessage

import pytest

from shared.attachments import attached

DEEP = b"(" * 1_500
TAIL = b"\n\n--a\nContent-Type: text/plain\n\nx\n--a--\n"


def test_what_is_attached_under_the_suffix_is_had_in_order() -> None:
    message = EmailMessage()
    message.set_content("Attached.")
    for name in ("one.answer", "notes.txt", "TWO.ANSWER"):
        message.add_attachment(b"of " + name.encode(), maintype="application", subtype="octet-stream", filename=name)

    found = attached(message.as_bytes(), ".answer")

    assert found == [("one.answer", b"of one.answer"), ("TWO.ANSWER", b"of TWO.ANSWER")]


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xff\x00" * 50,
        b"Content-Type: multipart/mixed; boundary=a " + DEEP + TAIL,
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Disposition: attachment " + DEEP
        + b"; filename=x.answer" + TAIL,
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Transfer-Encoding: " + DEEP
        + b"\nContent-Disposition: attachment; filename=x.answer" + TAIL,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1_200)),
        b"Content-Type: message/rfc822\n\n" * 700,
    ],
    ids=["empty", "no text", "type", "disposition", "encoding", "many in each other", "forwarded on and on"],
)  # fmt: skip
def test_no_message_stops_the_reader(message: bytes) -> None:
    assert attached(message, ".report") == []


def test_what_came_before_a_part_that_cannot_be_read_is_had() -> None:
    first = b"Content-Disposition: attachment; filename=x.answer\n\nkept\n"
    message = (
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" + first
        + b"--a\nContent-Disposition: attachment " + DEEP + TAIL
    )  # fmt: skip

    assert attached(message, ".answer") == [("x.answer", b"kept")]
