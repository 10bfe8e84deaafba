"""Signing in and out at the desk."""

from tests.support.organisation import HANDLER


def test_someone_with_the_right_key_signs_in_and_gets_their_keys_and_the_directory(client, organisation, sign_in):
    console = sign_in(HANDLER)

    answer = console.ask("GET", "/directory")

    assert answer.status_code == 200
