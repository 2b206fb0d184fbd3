"""Reading aloud by a voice that is on the device itself.

What is read names providers and kinds of help, so it must not leave the device: on Android only
voices that need no network are used, elsewhere the program espeak-ng, which is handed the text
through a pipe, since every program on the machine can see another's arguments.

Sources: Android's `android.speech.tts.TextToSpeech` and `Voice`; espeak-ng's manual.
"""

import os
import shutil
import subprocess  # nosec
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any, Protocol

PROGRAM = "espeak-ng"
PACE = "140"
"""Words a minute: slower than usual talk, for somebody under strain."""
SECONDS = 5
SLOWER = 0.85
"""The same, as a part of Android's usual pace."""


class Speaker(Protocol):
    """Reads paragraphs aloud, one text at a time."""

    def can(self, language: str) -> bool:
        """Whether it has a voice for this language now; a voice may take a moment to be ready."""

    def say(self, paragraphs: Iterable[str], language: str) -> None:
        """Begin to read, in place of what it reads now; returns at once."""

    def hush(self) -> None:
        """Silence at once."""

    @property
    def speaking(self) -> bool:
        """Whether it reads now."""


class SilentSpeaker:
    """A device without a voice."""

    speaking = False

    def can(self, language: str) -> bool:
        """Never."""
        return False

    def say(self, paragraphs: Iterable[str], language: str) -> None:
        """Nothing can be heard."""

    def hush(self) -> None:
        """It is silent."""


class ProgramSpeaker:
    """A voice by espeak-ng, found at `path`."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None
        self._known: dict[str, bool] = {}

    def can(self, language: str) -> bool:
        """Whether the program lists a voice for it."""
        if language not in self._known:
            self._known[language] = self._lists(language)
        return self._known[language]

    def say(self, paragraphs: Iterable[str], language: str) -> None:
        """Begin to read."""
        self.hush()
        self._process = subprocess.Popen(
            [self._path, "-v", language, "-s", PACE, "--stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        text = "\n\n".join(paragraphs).encode()
        with suppress(BrokenPipeError):  # it ended already, and `speaking` says so
            self._process.stdin.write(text)  # type: ignore[union-attr]
            self._process.stdin.close()  # type: ignore[union-attr]

    def hush(self) -> None:
        """End the program."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(SECONDS)
            self._process = None

    @property
    def speaking(self) -> bool:
        """Whether the program still runs."""
        return self._process is not None and self._process.poll() is None

    def _lists(self, language: str) -> bool:
        try:
            listed = subprocess.run(
                [self._path, f"--voices={language}"],
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return listed.returncode == 0 and len(listed.stdout.splitlines()) > 1


class AndroidSpeaker:
    """Android's own voice, where one is installed that needs no network."""

    def __init__(self) -> None:
        java = import_module("jnius").autoclass
        self._tts: Any = java("android.speech.tts.TextToSpeech")(
            java("org.kivy.android.PythonActivity").mActivity, None
        )
        self._kind: Any = java("android.speech.tts.TextToSpeech")

    def can(self, language: str) -> bool:
        """Whether such a voice is installed and the engine is ready."""
        return self._voice(language) is not None

    def say(self, paragraphs: Iterable[str], language: str) -> None:
        """Begin to read."""
        voice = self._voice(language)
        if voice is None:
            return
        self.hush()
        self._tts.setVoice(voice)
        self._tts.setSpeechRate(SLOWER)
        for place, each in enumerate(paragraphs):
            self._tts.speak(each, self._kind.QUEUE_ADD, None, str(place))

    def hush(self) -> None:
        """Stop, and forget what was still to be read."""
        self._tts.stop()

    @property
    def speaking(self) -> bool:
        """Whether the engine reads."""
        return bool(self._tts.isSpeaking())

    def _voice(self, language: str) -> Any:
        voices = self._tts.getVoices()
        for voice in voices.toArray() if voices is not None else ():
            if (
                voice.getLocale().getLanguage() == language
                and not voice.isNetworkConnectionRequired()
                and not voice.getFeatures().contains(self._kind.Engine.KEY_FEATURE_NOT_INSTALLED)
            ):
                return voice
        return None


@cache
def speaker() -> Speaker:
    """This device's voice."""
    if "ANDROID_ARGUMENT" in os.environ:
        return AndroidSpeaker()
    path = shutil.which(PROGRAM)
    return SilentSpeaker() if path is None else ProgramSpeaker(path)
