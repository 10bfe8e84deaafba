"""The one address of the line that is not signed: it gives out the prompts' audio by its hash, and nothing else."""

from typing import Final

from flask import Flask, Response

from ivr.line.audio import AUDIO, Shelf

AUDIO_RULE: Final = f"{AUDIO}<name>.wav"
A_YEAR: Final = "public, max-age=31536000, immutable"  # the address is the content's hash: it never changes


def add_audio(app: Flask, shelf: Shelf) -> None:
    """Let Twilio fetch what is on the shelf. Twilio's requests for audio carry no parameters and need no signature."""

    def audio(name: str) -> Response:
        wav = shelf.wav(name)
        if wav is None:
            return Response(status=404)
        return Response(wav, content_type="audio/wav", headers={"Cache-Control": A_YEAR})

    app.add_url_rule(AUDIO_RULE, "audio", audio, methods=["GET"], provide_automatic_options=False)
