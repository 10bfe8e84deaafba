"""Options that several commands share, spelt the same everywhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from shared.domain.vocabulary import Language

FILE: Final = click.Path(dir_okay=False, path_type=Path)
FOLDER: Final = click.Path(file_okay=False, path_type=Path)

_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_HANDSET: Final = re.compile(r"\+[1-9][0-9]{6,14}|sip:[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,80}(:[0-9]{1,5})?")


class Number(click.ParamType[str]):
    """A telephone number in E.164; spaces are left out."""

    name = "NUMBER"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        plain = value.replace(" ", "")
        if not _NUMBER.fullmatch(plain):
            self.fail("a telephone number with +44 and so on", param, ctx)
        return plain


class Handset(click.ParamType[str]):
    """A telephone number in E.164 or a SIP address."""

    name = "HANDSET"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        plain = value.replace(" ", "")
        if not _HANDSET.fullmatch(plain):
            self.fail("a telephone number with +44 and so on, or a SIP address like sip:name@host", param, ctx)
        return plain


root = click.option("--root", type=FILE, help="The root key file. Otherwise the one next to the data folder.")
root_passphrase_file = click.option(
    "--root-passphrase-file", type=FILE, help="File holding the root's passphrase; otherwise it is asked for."
)
key_passphrase_file = click.option(
    "--key-passphrase-file", type=FILE, help="File holding the key's passphrase; otherwise it is asked for."
)
passphrase_file = click.option(
    "--passphrase-file", type=FILE, help="File holding the person's passphrase; otherwise it is asked for."
)
languages = click.option(
    "--language",
    "languages",
    type=click.Choice([language.value for language in Language]),
    multiple=True,
    default=(Language.EN.value,),
    show_default=True,
    help="A language the person speaks on the line. May be repeated.",
)
handset = click.option("--handset", type=Handset(), help="Telephone number or SIP address that rings for this person.")
trusted_handset = click.option(
    "--trusted-handset", is_flag=True, help="The handset has no voicemail, so it need not press 1 to take a call."
)
