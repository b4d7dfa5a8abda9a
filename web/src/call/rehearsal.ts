import type { Connection, ConnectionEvents, OpenConnection } from "./resuming";
import type { ServerEvent } from "./messages";

/**
 * A connection without a server, for working on the page and for its tests: it lists what the page
 * sent and passes on the events it is given. `npm run dev`, then open `/?rehearsal`.
 */
export class RehearsedConnection implements Connection {
  readonly sent: string[] = [];
  microphone: MediaStreamTrack | null;
  open = false;
  readonly #events: ConnectionEvents;

  constructor(microphone: MediaStreamTrack | null, events: ConnectionEvents) {
    this.microphone = microphone;
    this.#events = events;
  }

  connect(callId = "rehearsal"): void {
    this.open = true;
    this.#events.onPhase("connected", null);
    this.say({ kind: "ready" });
    this.say({ kind: "call", callId, resumeToken: "" });
    this.say({ kind: "state", state: "listening", turn: 0 });
  }

  say(event: ServerEvent): void {
    this.#events.onEvent(event);
  }

  phase(...args: Parameters<ConnectionEvents["onPhase"]>): void {
    this.open = args[0] === "connected";
    this.#events.onPhase(...args);
  }

  send(message: string): boolean {
    if (this.open) this.sent.push(message);
    return this.open;
  }

  useMicrophone(track: MediaStreamTrack | null): void {
    this.microphone = track;
  }

  close(): void {
    if (this.open) this.phase("closed", null);
  }
}

/** True when a developer asked for a call without a server. */
export function rehearsalAsked(): boolean {
  return import.meta.env.DEV && new URLSearchParams(globalThis.location.search).has("rehearsal");
}

/** Answers every typed question with one made-up, cited sentence, a word every 120 ms. */
export const rehearsal: OpenConnection = (microphone, events) => {
  const connection = new RehearsedConnection(microphone, events);
  setTimeout(() => connection.connect(), 300);
  let turn = 0;
  const send = connection.send.bind(connection);
  connection.send = (message) => {
    if (message.includes('"send-text"')) answer(connection, (turn += 1));
    return send(message);
  };
  return connection;
};

const ANSWER = "This sentence stands in for an answer from the library.";
const SOURCE = {
  passageId: "passage",
  documentId: "document",
  title: "A page of the library",
  section: "A heading",
  page: 1,
};

function answer(connection: RehearsedConnection, turn: number): void {
  const words = ANSWER.split(" ");
  const cited = [{ ...SOURCE, claim: ANSWER, quote: ANSWER }];
  const script: ServerEvent[] = [
    { kind: "state", state: "thinking", turn },
    {
      kind: "evidence",
      turn,
      sources: [{ ...SOURCE, edition: "2024", year: 2024, superseded: false, sample: true, text: ANSWER }],
    },
    { kind: "state", state: "speaking", turn },
    { kind: "cite", turn, passageIds: [SOURCE.passageId], claim: ANSWER },
    ...words.map((_, n): ServerEvent => ({ kind: "words", turn, text: words.slice(0, n + 1).join(" ") })),
    { kind: "cite_end", turn },
    { kind: "answer", turn, spoken: ANSWER, heard: ANSWER, interrupted: false, cited },
    { kind: "state", state: "listening", turn },
  ];
  script.forEach((event, n) => setTimeout(() => connection.say(event), 120 * (n + 1)));
}
