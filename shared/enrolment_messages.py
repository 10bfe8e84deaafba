"""What the desk and the console say to each other of people on their way in.

Strict as `messages` is. No passphrase and no enrolment word travels: a proof of the words, and keys wrapped or public.
"""

from shared.messages import Base64Url, Id, Message, SignInName


class BeginEnrolment(Message):
    """Who somebody says they are, and a proof that they have the words the account was made with."""

    name: SignInName
    proof: Base64Url


class EnrolmentBegun(Message):
    """The id that the private keys are bound to, and the least that a passphrase's key may cost."""

    person_id: Id
    memory_kib: int
    iterations: int
    lanes: int


class KeepFirstKeys(Message):
    """All that a first sign-in makes: the private keys under a passphrase chosen there, and the public ones."""

    name: SignInName
    proof: Base64Url
    salt: Base64Url
    memory_kib: int
    iterations: int
    lanes: int
    authentication_key: Base64Url
    private_bundle: Base64Url
    reader: Base64Url
    verify: Base64Url


class Waiting(Message):
    """To somebody who waits to be confirmed: their own keys, for their console to work out the words of."""

    person_id: Id
    private_bundle: Base64Url
