import { api, body } from "../api/client";
import type { CallRecord, TurnRecord } from "../api/types";
import { useLoad } from "../load";
import { ExchangeView, type ShownExchange } from "../parts/ExchangeView";
import { Icon } from "../parts/Icon";
import { Empty, FaultMessage, Waiting } from "../parts/Message";
import type { CardSource } from "../parts/SourceCard";
import { Timings } from "../parts/Timings";
import { sayClock, sayCount, sayDay, sayEnding, sayLength } from "../parts/say";
import { rest } from "../call/conversation";
import { To } from "../route";

/** One conversation as it was: what was asked, what was heard, from which sources, how fast. */
export function CallPage({ id }: { id: string }) {
  const {
    value: call,
    fault,
    loading,
    reload,
  } = useLoad(id, async (signal) =>
    body(api.GET("/api/calls/{call_id}", { signal, params: { path: { call_id: id } } })),
  );
  return (
    <div className="page">
      <To href="/history" className="back">
        <Icon name="back" size={18} /> History
      </To>
      {fault && <FaultMessage fault={fault} onRetry={reload} />}
      {loading && !call && <Waiting what="Fetching the conversation…" />}
      {call && <Conversation call={call} />}
    </div>
  );
}

function Conversation({ call }: { call: CallRecord }) {
  const exchanges = pairUp(call.turns);
  const engines = (["hearing", "voice", "model"] as const)
    .map((seam) => call.engines[seam])
    .filter((engine) => engine !== undefined)
    .join(" · ");
  return (
    <>
      <h1>{sayDay(call.started_at)}</h1>
      <p className="facts">
        <span>
          <Icon name="person" size={18} /> {call.person.name}
        </span>
        <span>
          <Icon name="clock" size={18} /> {sayClock(call.started_at)}, {sayLength(call.started_at, call.ended_at)}
        </span>
        <span>{sayCount(call.turns.length, "turn")}</span>
        <span>{sayEnding(call.ending)}</span>
      </p>
      {engines !== "" && <p className="quiet">{engines}</p>}
      {exchanges.length === 0 && <Empty icon="mic" title="Nothing was said in this conversation" />}
      {exchanges.map(({ key, shown, timings_ms }) => (
        <ExchangeView key={key} exchange={shown}>
          <Timings marks_ms={timings_ms} />
        </ExchangeView>
      ))}
    </>
  );
}

interface Pair {
  key: string;
  shown: ShownExchange;
  timings_ms: Record<string, number>;
}

/** Each answer with the question before it; a question without an answer stands alone. */
export function pairUp(turns: readonly TurnRecord[]): Pair[] {
  const pairs: Pair[] = [];
  let question: TurnRecord | null = null;
  for (const turn of turns) {
    if (turn.speaker === "caller") {
      if (question) pairs.push(pair(question, null));
      question = turn;
    } else {
      pairs.push(pair(question, turn));
      question = null;
    }
  }
  if (question) pairs.push(pair(question, null));
  return pairs;
}

function pair(question: TurnRecord | null, answer: TurnRecord | null): Pair {
  const cited = new Map<string, CardSource>();
  for (const c of answer?.citations ?? []) {
    cited.set(c.passage_id, {
      passageId: c.passage_id,
      documentId: c.document_id,
      title: c.title,
      section: c.section,
      page: c.page ?? null,
      text: c.quote,
      claims: [...(cited.get(c.passage_id)?.claims ?? []), c.claim],
    });
  }
  return {
    key: (question ?? answer)?.id ?? "",
    timings_ms: answer?.timings_ms ?? {},
    shown: {
      question: question?.text_spoken ?? "",
      typed: question?.typed ?? false,
      heard: answer?.text_heard ?? "",
      unheard: answer?.interrupted ? rest(answer.text_spoken, answer.text_heard) : "",
      interrupted: answer?.interrupted ?? false,
      ended: answer !== null,
      cited: [...cited.values()],
      found: [],
      sounding: [],
      claims: (answer?.citations ?? []).map((c) => ({ claim: c.claim, passageId: c.passage_id })),
    },
  };
}
