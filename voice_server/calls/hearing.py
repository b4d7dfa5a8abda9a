"""The ear of one call: microphone audio in, voice windows and words out.

It hangs on the leg, so raw audio never travels further. A cheap gate (webrtcvad) stands in front
of the voice detector (Silero); speech opens an utterance at the transcriber, with the moment
before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

import webrtcvad

from storage.faults import Fault
from voice_server.calls.echo import EchoGuard
from voice_server.calls.hush import Hush
from voice_server.calls.turns import WINDOW_S
from voice_server.speech.engines import HEARING_RATE_HZ, Hypothesis, Transcriber, Utterance
from voice_server.speech.turn_judge import LONGEST_S, TurnJudge, VoiceDetector

FRAME_BYTES = HEARING_RATE_HZ // 50 * 2
WINDOW_BYTES = 512 * 2
ONSET = 0.5
"""Confidence that begins speech."""
HOLD = 0.45
"""Confidence that keeps speech going."""
LISTEN = 0.3
"""Confidence at which the transcriber begins to listen, so that a soft "yes" is not lost."""
HINT = 0.2
"""Confidence at which our own voice gives way a little."""
GATE_FRAMES = 15
WARM_UP_WINDOWS = 12
PREROLL_FRAMES = 16
FORGET_S = 1.0
LEAD_IN_S = 0.5
"""Audio before the first speech that the end-of-turn model is given, in seconds."""

Spawn = Callable[[Coroutine[Any, Any, None]], object]


class _Segment:
    """Speech on its way to the transcriber, from before the utterance is open."""

    def __init__(self) -> None:
        self.utterance: Utterance | None = None
        self.waiting: list[bytes] = []
        self.loudest = 0.0
        self.dead = False


class Ear:
    """Listens to one caller. All callbacks run on the event loop, in order."""

    def __init__(
        self,
        *,
        detector: VoiceDetector,
        transcriber: Transcriber,
        judge: TurnJudge,
        guard: EchoGuard,
        clock: Callable[[], float],
        spawn: Spawn,
        on_hint: Callable[[], None],
        on_hush: Callable[[], None],
        on_window: Callable[[bool, float], None],
        on_words: Callable[[str], None],
        on_judged: Callable[[float, int], None],
        on_final: Callable[[str, int], None],
        on_fault: Callable[[Fault], None],
    ) -> None:
        self._detector = detector
        self._transcriber = transcriber
        self._judge = judge
        self._guard = guard
        self._clock = clock
        self._spawn = spawn
        self._on_hint, self._on_hush = on_hint, on_hush
        self._on_window, self._on_words = on_window, on_words
        self._on_judged, self._on_final, self._on_fault = on_judged, on_final, on_fault
        self._gate = webrtcvad.Vad(1)
        self._gate_open = 0
        self._hush = Hush()
        self._window = bytearray()
        self._before: deque[bytes] = deque(maxlen=WARM_UP_WINDOWS)
        self._gated = True
        self._preroll: deque[bytes] = deque(maxlen=PREROLL_FRAMES)
        self._audio = bytearray()
        self._speaking = False
        self._in_turn = False
        self._quiet_since = 0.0
        self._segment: _Segment | None = None
        self._refused = False

    @property
    def listening(self) -> bool:
        """Whether an utterance is being transcribed."""
        return self._segment is not None

    def hear(self, pcm: bytes) -> None:
        """20 ms of 16 kHz mono s16le."""
        self._guard.heard(pcm)
        self._remember(pcm)
        self._gate_open = (
            GATE_FRAMES
            if self._gate.is_speech(pcm, HEARING_RATE_HZ)
            else max(0, self._gate_open - 1)
        )
        if self._segment is None:
            self._preroll.append(pcm)
        else:
            self._feed(self._segment, pcm)
        if self._hush.begins(pcm) and self._segment is not None:
            self._on_hush()
        self._window += pcm
        while len(self._window) >= WINDOW_BYTES:
            window = bytes(self._window[:WINDOW_BYTES])
            del self._window[:WINDOW_BYTES]
            self._look_at(window)

    def _remember(self, pcm: bytes) -> None:
        self._audio += pcm
        longest_s = LONGEST_S if self._in_turn else LEAD_IN_S
        if len(self._audio) > (longest_s + 1) * HEARING_RATE_HZ * 2:
            del self._audio[: -int(longest_s * HEARING_RATE_HZ) * 2]

    def _look_at(self, window: bytes) -> None:
        confidence = self._confidence(window)
        now = self._clock()
        speech = confidence >= (HOLD if self._speaking else ONSET)
        if confidence >= HINT and self._guard.is_echo():
            speech, confidence = False, 0.0
        self._speaking = speech
        if confidence >= LISTEN:
            self._quiet_since = now
            if self._segment is None and not self._refused:
                self._open()
        if self._segment is not None:
            self._segment.loudest = max(self._segment.loudest, confidence)
        elif now - self._quiet_since > FORGET_S:
            self._refused = False
        if HINT <= confidence and not speech:
            self._on_hint()
        self._on_window(speech, WINDOW_S)

    def _confidence(self, window: bytes) -> float:
        confidence = 0.0
        if self._gate_open:
            if self._gated:
                # The windows before the gate opened give the detector its context.
                self._detector.reset()
                for before in self._before:
                    self._detector.confidence(before)
            confidence = self._detector.confidence(window)
        self._gated = not self._gate_open
        self._before.append(window)
        return confidence

    def quiet_s(self) -> float:
        """Seconds since anything like speech was heard."""
        return self._clock() - self._quiet_since

    # utterances

    def _open(self) -> None:
        if not self._in_turn:
            del self._audio[: -int(LEAD_IN_S * HEARING_RATE_HZ) * 2]
        self._in_turn = True
        segment = _Segment()
        segment.waiting = list(self._preroll)
        self._preroll.clear()
        self._segment = segment
        self._spawn(self._open_utterance(segment))

    async def _open_utterance(self, segment: _Segment) -> None:
        def partial(hypothesis: Hypothesis) -> None:
            if segment is self._segment and hypothesis.text:
                self._on_words(hypothesis.text)

        try:
            utterance = await self._transcriber.open_utterance(partial)
        except Fault as fault:
            segment.dead = True
            if segment is self._segment:
                self._segment, self._refused = None, True
            self._on_fault(fault)
            return
        if segment.dead:
            utterance.cancel()
            return
        segment.utterance = utterance
        for pcm in segment.waiting:
            utterance.feed(pcm)
        segment.waiting.clear()

    def _feed(self, segment: _Segment, pcm: bytes) -> None:
        if segment.utterance is None:
            segment.waiting.append(pcm)
        else:
            segment.utterance.feed(pcm)

    def finish(self, pause: int) -> None:
        """Close the present segment; its final words come through `on_final` with `pause`."""
        segment, self._segment = self._segment, None
        self._spawn(self._finish(segment, pause))

    async def _finish(self, segment: _Segment | None, pause: int) -> None:
        text = ""
        if segment is not None and segment.utterance is not None:
            try:
                text = await segment.utterance.finish()
            except Fault as fault:
                self._on_fault(fault)
            finally:
                segment.utterance.cancel()
        elif segment is not None:
            segment.dead = True
        self._on_final(text, pause)

    def judge(self, pause: int) -> None:
        """Ask how complete the turn sounds; the answer comes through `on_judged`."""
        self._spawn(self._ask_judge(bytes(self._audio[-LONGEST_S * HEARING_RATE_HZ * 2 :]), pause))

    async def _ask_judge(self, audio: bytes, pause: int) -> None:
        self._on_judged(await self._judge.completeness(audio), pause)

    def forget(self) -> None:
        """Whatever is being transcribed was not meant for us."""
        segment, self._segment = self._segment, None
        if segment is not None:
            segment.dead = True
            if segment.utterance is not None:
                segment.utterance.cancel()

    def turn_over(self) -> None:
        """The turn has ended: the end-of-turn model need not hear it again."""
        self._in_turn = False
