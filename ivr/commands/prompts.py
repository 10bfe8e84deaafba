"""``candour prompts``: what the line says, in whose voice, what is missing; plays it, and takes in recordings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import click

from ivr.commands.setting import Setting
from ivr.line.audio import ManifestMalformed, Source, samples_of
from ivr.line.audio_check import Prompt, prompts_of
from ivr.line.listening import ways_to_the_queue, with_every_voice
from ivr.line.menu import nodes
from ivr.line.prompts import DEFAULT_ONLINE, PromptsIncomplete, load_prompts
from ivr.line.reading import PieceUnknown, reading_list
from ivr.sound import Loudspeaker, NoSound
from ivr.wav import write_wav
from shared.domain.vocabulary import Language

_VOICES: Final = {Source.RECORDING: "recording", Source.SYNTHETIC: "machine"}
_A_LANGUAGE: Final = click.Choice([language.value for language in Language])

one_language = click.option(
    "--language", type=_A_LANGUAGE, default=Language.EN.value, show_default=True, help="Of which language."
)
any_language = click.option("--language", type=_A_LANGUAGE, help="Of this language only.")


@click.group(invoke_without_command=True)
@any_language
@click.pass_context
def prompts(ctx: click.Context, language: str | None) -> None:
    """List what the line says: each piece, its language, whose voice, how long, whether reviewed, what is missing."""
    if ctx.invoked_subcommand is not None:
        return
    online = _online(ctx.obj)
    reviewed = load_prompts(online).reviewed
    for spoken in _languages(language):
        pieces = list(prompts_of(spoken, online))
        for prompt in pieces:
            click.echo(_line(spoken, prompt, spoken in reviewed))
        click.echo(_sum(spoken, pieces))


@prompts.command
@any_language
@click.pass_obj
def script(setting: Setting, language: str | None) -> None:
    """Print what is to be read aloud: by whom, how, and the words, piece by piece."""
    for spoken in _languages(language):
        pieces = reading_list(spoken, _online(setting)).values()
        click.echo(f"{spoken}. {next(iter(pieces)).reader}\n")
        for piece in pieces:
            click.echo(f"{piece.id}\n    {piece.words}\n    [{piece.note}]\n")


@prompts.command
@click.argument("prompt")
@one_language
@click.pass_obj
def play(setting: Setting, prompt: str, language: str) -> None:
    """Play PROMPT, whole or one piece of it, on this machine's loudspeaker."""
    spoken = Language(language)
    chosen = [found for found in prompts_of(spoken, _online(setting)) if prompt in {found.piece.id, found.piece.prompt}]
    if not chosen:
        raise click.ClickException(f"There is no prompt {prompt}. 'candour prompts' lists them.")
    try:
        with closing(Loudspeaker()) as loudspeaker:
            for found in chosen:
                click.echo(f"{found.piece.id}: {found.piece.words}")
                samples = samples_of(spoken, found.entry) if found.entry else None
                if samples is None:
                    raise click.ClickException(f"{found.piece.id}: {found.wrong}. {found.to_do}")
                loudspeaker.play(write_wav(samples))
                loudspeaker.finish()
    except NoSound as silence:
        raise click.ClickException(str(silence)) from None


@prompts.command
@click.pass_obj
def check(setting: Setting) -> None:
    """Listen to every file, and say for each that is wrong, and each way that takes too long, what to do."""
    online = _online(setting)
    try:
        wrong = [*_unfit(online), *_too_long(online)]
    except (PromptsIncomplete, PieceUnknown, ManifestMalformed) as fact:
        raise click.ClickException(f"In voice_prompts: {fact}.") from None
    for sentence in wrong:
        click.echo(sentence)
    if wrong:
        raise click.exceptions.Exit(1)
    click.echo("Every prompt has audio that says its words, and every way to the queue is short enough.")


@prompts.command
@click.argument("prompt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@one_language
@click.option("--reader", required=True, help="Whose voice it is, as the manifest shall say: no name is needed.")
@click.pass_obj
def replace(setting: Setting, prompt: str, file: Path, language: str, reader: str) -> None:
    """Put a person's recording of one piece, PROMPT, in place. FILE is any WAV file; sox makes it fit."""
    from voice_prompts.make_audio import SoundUnfit, ToolMissing, put_recording

    piece = reading_list(Language(language), _online(setting)).get(prompt)
    if piece is None:
        raise click.ClickException(f"There is no piece {prompt}. 'candour prompts script' lists them.")
    try:
        entry = put_recording(Language(language), piece, file.read_bytes(), reader)
    except ToolMissing as missing:
        raise click.ClickException(f"{missing} is not installed; Debian has it.") from None
    except SoundUnfit as unfit:
        raise click.ClickException(f"Nothing was changed: {unfit}.") from None
    click.echo(
        f"{language} {prompt}: a recording now, {entry.seconds:.1f} s. The line plays it when it is next started."
    )


def _languages(chosen: str | None) -> tuple[Language, ...]:
    return (Language(chosen),) if chosen else tuple(Language)


def _online(setting: Setting) -> str:
    """The other route as it is spoken here; the default where nothing is configured yet."""
    return setting.config().line.online_route if setting.path.is_file() else DEFAULT_ONLINE


def _line(language: Language, prompt: Prompt, reviewed: bool) -> str:
    entry = prompt.entry
    voice, takes = (_VOICES[entry.source], f"{entry.seconds:5.1f} s") if entry else ("none", "     - ")
    standing = "reviewed" if reviewed else "not reviewed"
    return f"{language}  {prompt.piece.id:33} {voice:9} {takes}  {standing:12}  {prompt.wrong}".rstrip()


def _sum(language: Language, pieces: list[Prompt]) -> str:
    voices = [prompt.entry.source for prompt in pieces if prompt.entry]
    return (
        f"{language}: {len(pieces)} pieces, {voices.count(Source.RECORDING)} recordings, "
        f"{voices.count(Source.SYNTHETIC)} by machine, {len(pieces) - len(voices)} without audio.\n"
    )


def _unfit(online: str) -> Iterator[str]:
    for language in Language:
        for prompt in prompts_of(language, online):
            if prompt.wrong:
                yield f"{language} {prompt.piece.id}: {prompt.wrong}. {prompt.to_do}"


def _too_long(online: str) -> Iterator[str]:
    heard, table = with_every_voice(load_prompts(online)), nodes(welsh_reviewed=True)
    for language in Language:
        for way in ways_to_the_queue(table, heard, language):
            if way.too_long:
                yield (
                    f"{language} {way.way}: {way.takes:.1f} s until the queue, {way.limit} s at most. "
                    "Shorten the words, or have them read less slowly."
                )
