"""This machine's loudspeaker, by whatever program plays sound here. It knows nothing of what it plays."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from ivr.wav import SILENCE, write_wav

PLAYERS: Final = (("aplay", "-q"), ("paplay",), ("afplay",), ("play", "-q"))


class NoSound(Exception):
    """Nothing can be heard on this machine."""


def player() -> tuple[str, ...]:
    """The command that plays a WAV file when its name is added. Raises NoSound."""
    for command in PLAYERS:
        if shutil.which(command[0]) is not None:
            return command
    raise NoSound("No program here plays sound. On Debian, alsa-utils has one.")


class Loudspeaker:
    """Plays one sound at a time. Raises NoSound where no program can."""

    def __init__(self, command: tuple[str, ...] | None = None) -> None:
        self._command = command or player()
        self._playing: subprocess.Popen[bytes] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="candour-sound-")

    def try_out(self) -> None:
        """Play a moment of silence. Raises NoSound where there is no sound device."""
        self.play(write_wav(SILENCE * 80))
        self.finish()

    def play(self, wav: bytes) -> None:
        """Begin to play, in place of what is being played."""
        self.stop()
        file = Path(self._folder.name, "sound.wav")
        file.write_bytes(wav)
        self._playing = subprocess.Popen(  # noqa: S603 -- one of PLAYERS, and a file of our own
            [*self._command, str(file)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def finish(self) -> None:
        """Wait until it has been played. Raises NoSound if it could not be: mostly for want of a sound device."""
        playing, self._playing = self._playing, None
        if playing is not None and playing.wait() != 0:
            raise NoSound(f"{self._command[0]} cannot be heard here: is there a sound device?")

    def stop(self) -> None:
        """Be quiet at once."""
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.terminate()
            playing.wait()

    def close(self) -> None:
        """Be quiet, and leave nothing behind."""
        self.stop()
        self._folder.cleanup()
