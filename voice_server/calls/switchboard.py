"""All calls of this process: admits them, finds them, hands them over, and lets them finish."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

from signaling.browser_leg import BrowserLeg, LegState
from signaling.ice import IceConfig
from signaling.offers import Answer, Candidate, Offer
from signaling.resume import ResumeTokens
from storage.calls import Calls as CallStore
from storage.faults import Busy, Fault, NotFound
from storage.records import Call as CallRecord
from storage.records import Person, Turn
from voice_server.calls.apologies import NOT_SAVED, SAVED_AGAIN
from voice_server.calls.call import Answering, Call, Engines, Searching
from voice_server.calls.keeping import Keeper
from voice_server.calls.leftovers import Leftovers

RETRY_AFTER_S = 30


class Switchboard:
    """Every call in progress, by call and by peer connection. A call belongs to its owner."""

    def __init__(
        self,
        *,
        engines: Engines,
        engine_labels: Mapping[str, str],
        search: Searching,
        answer: Answering,
        store: CallStore,
        ice: IceConfig,
        resume: ResumeTokens,
        most: int,
        idle_s: float,
    ) -> None:
        self._engines, self._labels = engines, dict(engine_labels)
        self._search, self._answer = search, answer
        self._store = store
        self._ice = ice
        self._resume = resume
        self._most, self._idle_s = most, idle_s
        self._calls: dict[str, Call] = {}
        self._legs: dict[str, tuple[BrowserLeg, Call]] = {}
        self._empty = asyncio.Event()
        self._empty.set()
        self._waiting: dict[str, Call] = {}
        """Calls whose connection was lost, by its pc_id."""
        self._arriving = 0
        self._draining = False
        self._tasks: asyncio.TaskGroup | None = None
        self._keeper = Keeper(self._trouble)
        self._leftovers = Leftovers()

    def __len__(self) -> int:
        """How many calls are held, those being set up included."""
        return len(self._calls) + self._arriving

    # what the API asks

    async def connect(self, person: Person, offer: Offer) -> Answer:
        """Answer an offer: of a call that is up, of one to take up again, or of a new one.

        A `pc_id` that names none of this person's calls is as good as none: pipecat's clients
        offer the last one they had. Raises Invalid for an offer that cannot be used, Busy when no
        place is free.
        """
        if leg := self._own_leg(person, offer.pc_id):
            return await leg.connect(offer)
        call, seen = self._call_to_resume(person, offer)
        if call is not None:
            return await self._attach(call, offer, seen)
        self._admit()
        self._arriving += 1
        try:
            call = self._new_call(person)
            answer = await self._attach(call, offer, None)
            self._start(call)
            return answer
        finally:
            self._arriving -= 1

    async def candidates(self, person: Person, pc_id: str, candidates: Sequence[Candidate]) -> None:
        """Take trickled candidates. Raises NotFound, or Invalid for a malformed one."""
        leg, _ = self._owned(person, pc_id)
        for candidate in candidates:
            await leg.add_candidate(candidate)

    async def hang_up(self, person: Person, pc_id: str) -> None:
        """End a call. Raises NotFound for another's call."""
        _, call = self._owned(person, pc_id)
        call.end("hung up")

    def ice_servers(self, person: Person) -> list[dict[str, object]]:
        """The STUN and TURN servers for this person's page."""
        return [server.as_json() for server in self._ice.servers(str(person.id), time.time())]

    # admission

    def _admit(self) -> None:
        if self._draining:
            raise Busy(
                "calls.stopping",
                "The server is being restarted. Please try again in a minute.",
                retry_after_s=60,
            )
        if len(self) >= self._most:
            raise Busy(
                "calls.busy",
                "All lines are in use. Please try again in a moment.",
                retry_after_s=RETRY_AFTER_S,
            )

    def _owned(self, person: Person, pc_id: str) -> tuple[BrowserLeg, Call]:
        if leg := self._own_leg(person, pc_id):
            return leg, self._legs[pc_id][1]
        raise NotFound("call.unknown", "There is no such call.", remedy="Start a new call.")

    def _own_leg(self, person: Person, pc_id: str | None) -> BrowserLeg | None:
        leg, call = self._legs.get(pc_id or "", (None, None))
        return leg if call is not None and call.person.id == person.id else None

    def _call_to_resume(self, person: Person, offer: Offer) -> tuple[Call | None, int | None]:
        token = offer.request_data.get("resume_token")
        if not isinstance(token, str) or not token:
            waiting = self._waiting.get(offer.pc_id or "")
            return (waiting if waiting and waiting.person.id == person.id else None), None
        try:
            call_id = self._resume.read(token, str(person.id))
        except Fault:
            return None, None
        seen = offer.request_data.get("seen")
        return self._calls.get(call_id), seen if isinstance(seen, int) else None

    # calls

    def _new_call(self, person: Person) -> Call:
        call_id = str(uuid4())
        record_id = UUID(call_id)

        def keep(turn: Turn) -> None:
            self._keeper.keep(call_id, lambda: self._store.add_turn(turn))

        call = Call(
            call_id=call_id,
            person=person,
            engines=self._engines,
            search=self._search,
            answer=self._answer,
            keep=keep,
            idle_s=self._idle_s,
        )
        call.conversation.resume_token = self._resume.issue(call_id, str(person.id))
        record = CallRecord(
            id=record_id,
            person_id=person.id,
            person_name=person.name,
            started_at=datetime.now(UTC),
            ended_at=None,
            ending="",
            engines=self._labels,
        )
        self._keeper.keep(call_id, lambda: self._store.begin(record))
        return call

    def _start(self, call: Call) -> None:
        if self._tasks is None:
            raise RuntimeError("the switchboard is not open")
        self._calls[call.id] = call
        self._empty.clear()
        self._tasks.create_task(self._hold(call), name=f"call {call.id}")

    async def _hold(self, call: Call) -> None:
        try:
            ending = await call.run()
        finally:
            self._calls.pop(call.id, None)
            self._no_longer_waiting(call)
            self._leftovers.collect_soon()
            if not self._calls:
                self._empty.set()
        id, ended_at = UUID(call.id), datetime.now(UTC)
        self._keeper.keep(call.id, lambda: self._store.finish(id, ending=ending, ended_at=ended_at))

    async def _attach(self, call: Call, offer: Offer, seen: int | None) -> Answer:
        leg: BrowserLeg

        def changed(state: LegState) -> None:
            if state == "closed":
                self._legs.pop(leg.pc_id, None)
                if call.leg is leg:
                    self._waiting[leg.pc_id] = call
                call.lost(leg)

        leg = BrowserLeg(
            on_audio=call.on_audio,
            speak=call.speak,
            on_message=call.on_message,
            on_state=changed,
            ice_servers=self._ice.servers(str(call.person.id), time.time()),
            interfaces=self._ice.interfaces,
            outbox=call.outbox,
        )
        answer = await leg.connect(offer, seen=seen)
        self._legs[leg.pc_id] = (leg, call)
        before = call.attach(leg)
        self._no_longer_waiting(call)
        if before is not None:
            await before.close()
        return answer

    def _no_longer_waiting(self, call: Call) -> None:
        self._waiting = {id: one for id, one in self._waiting.items() if one is not call}

    def _trouble(self, call_id: str, waiting: bool) -> None:
        if call := self._calls.get(call_id):
            call.conversation.notice(*(NOT_SAVED if waiting else SAVED_AGAIN))

    # the process

    async def run(self) -> None:
        """Hold all calls until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            tasks.create_task(self._keeper.run(), name="keeper")

    async def drain(self) -> None:
        """Admit nobody, end what is left, and wait for it to be written."""
        self._draining = True
        for call in tuple(self._calls.values()):
            call.end("server stopped")
        await self._empty.wait()
        await self._keeper.drain()


@asynccontextmanager
async def running(switchboard: Switchboard) -> AsyncIterator[Switchboard]:
    """Hold calls inside the block; on leaving it, end them in order."""
    task = asyncio.get_running_loop().create_task(switchboard.run(), name="switchboard")
    await asyncio.sleep(0)
    try:
        yield switchboard
    finally:
        await switchboard.drain()
        task.cancel()
        await asyncio.wait([task])
