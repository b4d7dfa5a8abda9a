import type { CallState, Cited, ServerEvent, Source } from "./messages";

/** A question and its answer, as far as they have come. */
export interface Exchange {
  /** Stable within the page. */
  key: number;
  /** The server's number, null until it has given one. */
  turn: number | null;
  question: string;
  typed: boolean;
  /** What has been played of the answer. */
  heard: string;
  /** What was to be said and was not played, once the answer has ended. */
  unheard: string;
  interrupted: boolean;
  ended: boolean;
  sources: Source[];
  cited: Cited[];
  /** Passages whose claim is sounding now. */
  sounding: string[];
  /** The claims of this answer that have begun to sound, and the passages they come from. */
  said: { claim: string; passageIds: string[] }[];
  marksMs: Record<string, number>;
}

export interface Notice {
  key: number;
  code: string;
  text: string;
}

/** A call as the page shows it. */
export interface Conversation {
  callId: string;
  state: CallState;
  /** What the recogniser believes of the words being spoken now. */
  hearing: string;
  exchanges: Exchange[];
  notices: Notice[];
  nextKey: number;
}

export const NOTHING_SAID: Conversation = {
  callId: "",
  state: "listening",
  hearing: "",
  exchanges: [],
  notices: [],
  nextKey: 1,
};

const NEW_CALL = "The earlier conversation could not be taken up again; a new one has begun. Both are kept in History.";

export type ConversationEvent =
  ServerEvent | { kind: "typed"; text: string } | { kind: "over" } | { kind: "dismiss"; key: number };

/** What the conversation is after `event`. */
export function after(was: Conversation, event: ConversationEvent): Conversation {
  switch (event.kind) {
    case "call":
      return was.callId !== "" && event.callId !== "" && event.callId !== was.callId
        ? noticed({ ...was, callId: event.callId, exchanges: was.exchanges.map(close) }, "call.new", NEW_CALL)
        : { ...was, callId: event.callId || was.callId };
    case "state":
      return afterState(was, event.state, event.turn);
    case "transcript":
      return event.final ? asked(was, event.text, false) : { ...was, hearing: event.text };
    case "typed":
      return asked(was, event.text, true);
    case "evidence":
      return change(was, event.turn, { sources: event.sources });
    case "words":
      return change(was, event.turn, (x) => (x.ended ? {} : { heard: event.text }));
    case "cite":
      return change(was, event.turn, (x) =>
        x.ended
          ? {}
          : { sounding: event.passageIds, said: [...x.said, { claim: event.claim, passageIds: event.passageIds }] },
      );
    case "cite_end":
      return change(was, event.turn, { sounding: [] });
    case "answer":
      return change(was, event.turn, {
        heard: event.heard,
        unheard: event.interrupted ? rest(event.spoken, event.heard) : "",
        interrupted: event.interrupted,
        ended: true,
        sounding: [],
        cited: event.cited,
      });
    case "timeline":
      return change(was, event.turn, { marksMs: event.marksMs });
    case "notice":
      return event.text ? noticed(was, event.code, event.text) : was;
    case "fatal":
      return was;
    case "dismiss":
      return { ...was, notices: was.notices.filter((n) => n.key !== event.key) };
    case "over":
      return { ...was, hearing: "", exchanges: was.exchanges.map(cutOff) };
    case "ready":
    case "left":
    case "speech":
      return was;
  }
}

/** What was to be said after `heard`, counted in words when the two do not share their spelling. */
export function rest(spoken: string, heard: string): string {
  const prefix = heard.trim();
  if (spoken.startsWith(prefix)) return spoken.slice(prefix.length).trim();
  return spoken.split(/\s+/).slice(prefix.split(/\s+/).filter(Boolean).length).join(" ");
}

function afterState(was: Conversation, state: CallState, turn: number): Conversation {
  const next = { ...was, state };
  if (state === "listening") return next;
  return state === "thinking" || state === "speaking" ? change(next, turn, {}) : next;
}

/** A final transcript or a typed question: it continues the question whose answer is being prepared. */
function asked(was: Conversation, text: string, typed: boolean): Conversation {
  const heardNothing = { ...was, hearing: "" };
  if (text.trim() === "") return heardNothing;
  if (!typed && was.exchanges.some((x) => x.typed && isWaiting(x) && x.question.trim() === text.trim())) {
    return heardNothing; // the server says a typed question again
  }
  const last = was.exchanges.at(-1);
  const understood = { ...heardNothing, notices: was.notices.filter((n) => !n.code.startsWith("hearing.")) };
  if (last && !typed && !last.typed && isWaiting(last) && was.state !== "listening") {
    const question = last.question === "" ? text : `${last.question} ${text}`;
    return replace(understood, { ...last, question });
  }
  return add(understood, null, text, typed);
}

/** Nothing of the answer has been heard yet. */
function isWaiting(x: Exchange): boolean {
  return !x.ended && x.heard === "";
}

type Change = Partial<Exchange> | ((x: Exchange) => Partial<Exchange>);

/** Change the exchange the server calls `turn`; an unnumbered one takes the number, else one is added. */
function change(was: Conversation, turn: number, how: Change): Conversation {
  const found =
    was.exchanges.find((x) => x.turn === turn) ?? was.exchanges.findLast((x) => x.turn === null && !x.ended);
  if (!found) return change(add(was, turn, "", false), turn, how);
  const parts = typeof how === "function" ? how(found) : how;
  return replace(was, { ...found, turn, ...parts });
}

function add(was: Conversation, turn: number | null, question: string, typed: boolean): Conversation {
  const exchange: Exchange = {
    key: was.nextKey,
    turn,
    question,
    typed,
    heard: "",
    unheard: "",
    interrupted: false,
    ended: false,
    sources: [],
    cited: [],
    sounding: [],
    said: [],
    marksMs: {},
  };
  return { ...was, nextKey: was.nextKey + 1, exchanges: [...was.exchanges, exchange] };
}

function replace(was: Conversation, exchange: Exchange): Conversation {
  return { ...was, exchanges: was.exchanges.map((x) => (x.key === exchange.key ? exchange : x)) };
}

/** The call ended: an answer that was sounding goes no further. */
function cutOff(x: Exchange): Exchange {
  return x.ended || x.heard === "" ? { ...x, sounding: [] } : { ...x, ended: true, interrupted: true, sounding: [] };
}

/** Numbers start again in another call, so what was said before keeps none. */
function close(x: Exchange): Exchange {
  return { ...x, turn: null, ended: true, sounding: [] };
}

/**
 * Notices pile up no further than three; one that says the same again replaces the first. Why
 * nothing could be heard is said once.
 */
function noticed(was: Conversation, code: string, text: string): Conversation {
  if (code === "hearing.nothing" && was.notices.some((n) => n.code.startsWith("hearing.") && n.code !== code)) {
    return was;
  }
  const others = was.notices.filter((n) => n.code !== code || n.text !== text);
  const notices = [...others, { key: was.nextKey, code, text }].slice(-3);
  return { ...was, notices, nextKey: was.nextKey + 1 };
}
