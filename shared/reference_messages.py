"""What the console says of a caller's reference for ringing again: never the words themselves."""

from shared.messages import Base64Url, Message


class ReferenceProof(Message):
    """A reference for ringing again, as the console has stretched its words (shared/sealing/references.py)."""

    locator: Base64Url
    proof: Base64Url
