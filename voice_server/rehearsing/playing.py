"""Plays one scripted call: a caller who follows the steps, and keeps everything that comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from signaling.caller import Caller, open_caller
from signaling.media.wire import Conditions, Wire
from storage.faults import Fault
from voice_server.rehearsing.microphone import Microphone
from voice_server.rehearsing.moments import Moment
from voice_server.rehearsing.performance import Done, Message, Performance, messages_of
from voice_server.rehearsing.script import Call, Network, Step
from voice_server.rehearsing.sounds import Sound, Sounds

LOOK_S = 0.01
SOUNDING = ("say", "play", "noise")


class Waited(Exception):
    """Something that a step needs did not come."""


async def play(call: Call, url: str, token: str, sounds: Sounds) -> Performance:
    """Place the call at `url` and follow its steps. A server's refusal is part of the result."""
    performance = Performance(call)
    sending, receiving = Conditions(), Conditions()
    wire = Wire(sending=sending, receiving=receiving, seed=len(call.name))
    microphone = Microphone()
    try:
        prepared = {
            number: await sounds.of(step)
            for number, step in enumerate(call.steps)
            if step.does in SOUNDING
        }
        async with open_caller(
            url,
            token,
            wire=wire,
            low_cpu=True,
            microphone=microphone.pull,
            deadline_s=20.0,
        ) as caller:
            await caller.events.wait_for("call")
            performance.up_s = asyncio.get_running_loop().time()
            performance.heard = caller.heard
            microphone.listens_to(caller.heard)
            player = _Player(call, caller, microphone, (sending, receiving), prepared, performance)
            player.network(call.network)
            async with httpx.AsyncClient(base_url=url) as http, asyncio.TaskGroup() as tasks:
                player.tasks = tasks
                if call.engines != "installed":
                    player.cue = lambda sound: tasks.create_task(player.prompt(http, sound))
                try:
                    await player.follow()
                except Waited as missed:
                    performance.missed = str(missed)
                performance.messages = list(messages_of(caller.events.seen, performance.up_s))
                performance.length_s = player.now()
                player.stop()
    except Fault as fault:
        performance.refused = f"{fault.sentence} {fault.remedy}".strip()
    except TimeoutError:
        performance.refused = "The call was not up in time."
    performance.done.sort(key=lambda done: done.number)
    return performance


@dataclass(slots=True)
class _Player:
    call: Call
    caller: Caller
    microphone: Microphone
    directions: tuple[Conditions, Conditions]
    prepared: dict[int, list[Sound]]
    performance: Performance
    tasks: asyncio.TaskGroup = field(init=False)
    cue: Callable[[Sound], object] | None = None
    _sounding: list[asyncio.Task[None]] = field(default_factory=list)
    _read: int = 0
    _messages: list[Message] = field(default_factory=list)

    def now(self) -> float:
        """Seconds since the call was up."""
        return asyncio.get_running_loop().time() - self.performance.up_s

    async def follow(self) -> None:
        """All steps, then the answers that are expected, then a while of watching."""
        began_s = 0.0
        before: asyncio.Task[None] | None = None
        for number, step in enumerate(self.call.steps):
            if step.at is not None:
                await self._until(step.at, began_s, number)
            elif before is not None:
                await self._over(before, number - 1)
            began_s = self.now()
            before = self.tasks.create_task(self._do(number, step))
            self._sounding.append(before)
            await asyncio.sleep(0)
        for number, one in enumerate(self._sounding):
            await self._over(one, number)
        expect = self.call.expect
        answers = len(expect.answers)

        def answered() -> bool:
            return sum(one.kind == "timeline" for one in self._seen()) >= answers and sum(
                one.kind == "notice" for one in self._seen()
            ) >= len(expect.notices)

        # What does not come is for the judge to say, beside everything else.
        await self._wait(answered, expect.answer_within_s)
        await asyncio.sleep(expect.then_quiet_s)

    def stop(self) -> None:
        """End what still sounds."""
        for one in self._sounding:
            one.cancel()

    def network(self, network: Network) -> None:
        """The wire's conditions, both ways."""
        for direction in self.directions:
            direction.loss, direction.down = network.loss, network.down
            direction.delay_s = network.delay_ms / 1000
            direction.jitter_s = network.jitter_ms / 1000

    async def prompt(self, http: httpx.AsyncClient, sound: Sound) -> None:
        """Tell the call's recogniser what is being said."""
        body = {"text": sound.text, "sound_ms": sound.sound_ms, "length_s": sound.length_s}
        try:
            (await http.post("/cue", json=body)).raise_for_status()
        except httpx.HTTPError:
            self.performance.missed = "the server does not answer any more"

    # steps

    async def _do(self, number: int, step: Step) -> None:
        try:
            await self._act(number, step)
        except Fault as fault:
            self.performance.missed = f"step {number + 1}: {fault.sentence}"

    async def _act(self, number: int, step: Step) -> None:
        began_s, pieces = self.now(), []
        match step.does:
            case "say" | "play" | "noise":
                pieces = await self._sound(number)
            case "type":
                self.caller.message("send-text", {"content": step.type})
            case "pause":
                await asyncio.sleep(step.pause or 0.0)
            case "echo":
                echo = step.echo
                self.microphone.echo = (
                    (10 ** (echo.gain_db / 20), echo.delay_ms / 1000) if echo else None
                )
            case "mute":
                self.microphone.muted = bool(step.mute)
            case "network":
                self.network(step.network or Network())
            case "hang_up":
                self.caller.message("disconnect-bot")
        ended_s = self.now()
        if pieces:
            began_s, ended_s = pieces[0][0], pieces[-1][1]
        self.performance.done.append(Done(number, step, began_s, ended_s, tuple(pieces)))

    async def _sound(self, number: int) -> list[tuple[float, float]]:
        pieces = []
        for sound in self.prepared[number]:
            if sound.before_s:
                await asyncio.sleep(sound.before_s)
            playing = self.microphone.play(sound.pcm)
            began = await playing.began
            if self.cue is not None and sound.text and not self.microphone.muted:
                self.cue(sound)
            over = await playing.over
            pieces.append((began - self.performance.up_s, over - self.performance.up_s))
        return pieces

    # waiting

    def _seen(self) -> list[Message]:
        new = self.caller.events.seen[self._read :]
        self._read += len(new)
        self._messages += messages_of(new, self.performance.up_s)
        return self._messages

    async def _until(self, moment: Moment, began_s: float, number: int) -> None:
        def at_s() -> float | None:
            if moment.event == "start":
                return 0.0
            if moment.event == "word":
                found = [
                    one.at_s
                    for one in self._seen()
                    if one.kind == "words"
                    and one.at_s >= began_s
                    and len(str(one.data["text"]).split()) >= moment.nth
                ]
                return found[0] if found else None
            kind = _KINDS[moment.event]
            found = [one.at_s for one in self._seen() if one.kind == kind]
            if not moment.nth:
                found = [one for one in found if one >= began_s]
            position = max(moment.nth, 1) - 1
            return found[position] if len(found) > position else None

        came = await self._wait(lambda: at_s() is not None, self.call.expect.answer_within_s)
        if not came:
            raise Waited(f"step {number + 1} waited in vain for “{moment.event}”")
        await asyncio.sleep(max(0.0, (at_s() or 0.0) + moment.after_s - self.now()))

    async def _over(self, doing: asyncio.Task[None], number: int) -> None:
        """The end of a step. A call that is over ends it: nothing sounds in its microphone."""
        while not doing.done() and self.caller.state != "closed":
            await asyncio.wait((doing,), timeout=5 * LOOK_S)
        if not doing.done() and not any(one.step.hang_up for one in self.performance.done):
            raise Waited(f"the call ended in the middle of step {number + 1}")

    async def _wait(self, is_so: Callable[[], bool], within_s: float) -> bool:
        deadline = self.now() + within_s
        while not is_so():
            if self.now() > deadline or self.caller.state == "closed":
                return False
            await asyncio.sleep(LOOK_S)
        return True


_KINDS = {
    "answer sounds": "bot-started-speaking",
    "answer ends": "bot-stopped-speaking",
    "turn ends": "user-stopped-speaking",
    "notice": "notice",
}
