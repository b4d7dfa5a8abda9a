/**
 * What travels over a call's data channel: RTVI envelopes, and within `server-message` the events
 * of this server, told apart by `kind`. What is not understood is dropped.
 */

export type CallState = "listening" | "thinking" | "speaking" | "busy";

/** A passage as the page shows it beside an answer. */
export interface Source {
  passageId: string;
  documentId: string;
  title: string;
  section: string;
  page: number | null;
  edition: string;
  year: number | null;
  superseded: boolean;
  sample: boolean;
  text: string;
}

/** A passage as it was cited: the sentence spoken and the words that carry it. */
export interface Cited {
  passageId: string;
  documentId: string;
  title: string;
  section: string;
  page: number | null;
  claim: string;
  quote: string;
}

export type ServerEvent =
  | { kind: "ready" }
  | { kind: "left" }
  | { kind: "speech"; speaking: boolean }
  | { kind: "transcript"; text: string; final: boolean }
  | { kind: "fatal"; fatal: boolean; text: string }
  | { kind: "state"; state: CallState; turn: number }
  | { kind: "call"; callId: string; resumeToken: string }
  | { kind: "evidence"; turn: number; sources: Source[] }
  | { kind: "words"; turn: number; text: string }
  | { kind: "cite"; turn: number; passageIds: string[]; claim: string }
  | { kind: "cite_end"; turn: number }
  | { kind: "answer"; turn: number; spoken: string; heard: string; interrupted: boolean; cited: Cited[] }
  | { kind: "timeline"; turn: number; marksMs: Record<string, number> }
  | { kind: "notice"; code: string; text: string };

/** One message as it came: its number in the call, if it has one, and what it says, if it is ours. */
export function readMessage(raw: string): { seq: number | null; event: ServerEvent | null } {
  let message: unknown;
  try {
    message = JSON.parse(raw);
  } catch {
    return { seq: null, event: null };
  }
  return { seq: number(fields(message)["seq"]), event: readEnvelope(fields(message)) };
}

function readEnvelope(message: Record<string, unknown>): ServerEvent | null {
  const { label, type, data } = message;
  if (type === "signalling") return fields(message["message"])["type"] === "peerLeft" ? { kind: "left" } : null;
  if (label !== "rtvi-ai") return null;
  const d = fields(data);
  switch (type) {
    case "bot-ready":
      return { kind: "ready" };
    case "user-started-speaking":
      return { kind: "speech", speaking: true };
    case "user-stopped-speaking":
      return { kind: "speech", speaking: false };
    case "user-transcription":
      return { kind: "transcript", text: text(d["text"]), final: d["final"] === true };
    case "error":
      return { kind: "fatal", fatal: d["fatal"] === true, text: text(d["error"]) };
    case "server-message":
      return readServerMessage(d);
    default:
      return null;
  }
}

function readServerMessage(d: Record<string, unknown>): ServerEvent | null {
  const turn = number(d["turn"]) ?? 0;
  switch (d["kind"]) {
    case "state":
      return isCallState(d["state"]) ? { kind: "state", state: d["state"], turn } : null;
    case "call":
      return { kind: "call", callId: text(d["call_id"]), resumeToken: text(d["resume_token"]) };
    case "evidence":
      return { kind: "evidence", turn, sources: list(d["passages"]).map(readSource) };
    case "words":
      return { kind: "words", turn, text: text(d["text"]) };
    case "cite":
      return { kind: "cite", turn, passageIds: list(d["passage_ids"]).map(text), claim: text(d["claim"]) };
    case "cite_end":
      return { kind: "cite_end", turn };
    case "answer":
      return {
        kind: "answer",
        turn,
        spoken: text(d["text_spoken"]),
        heard: text(d["text_heard"]),
        interrupted: d["interrupted"] === true,
        cited: list(d["citations"]).map(readCited),
      };
    case "timeline":
      return { kind: "timeline", turn, marksMs: numbers(d["marks_ms"]) };
    case "notice":
      return { kind: "notice", code: text(d["code"]), text: text(d["text"]) };
    default:
      return null;
  }
}

function readSource(value: unknown): Source {
  const d = fields(value);
  return {
    passageId: text(d["passage_id"]),
    documentId: text(d["document_id"]),
    title: text(d["title"]),
    section: sectionPath(d["section"]),
    page: number(d["page"]),
    edition: text(d["edition"]),
    year: number(d["year"]),
    superseded: d["superseded"] === true,
    sample: d["sample"] === true,
    text: text(d["text"]),
  };
}

function readCited(value: unknown): Cited {
  const d = fields(value);
  return {
    passageId: text(d["passage_id"]),
    documentId: text(d["document_id"]),
    title: text(d["title"]),
    section: sectionPath(d["section"]),
    page: number(d["page"]),
    claim: text(d["claim"]),
    quote: text(d["quote"]),
  };
}

/** Headings as one line; they arrive as a list or as one string. */
export function sectionPath(value: unknown): string {
  return Array.isArray(value) ? value.map(text).filter(Boolean).join(" › ") : text(value);
}

function isCallState(value: unknown): value is CallState {
  return value === "listening" || value === "thinking" || value === "speaking" || value === "busy";
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function numbers(value: unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(fields(value)).filter((entry): entry is [string, number] => number(entry[1]) !== null),
  );
}

// What the page sends.

/** The RTVI version whose messages the page speaks. */
const RTVI_VERSION = "1.2.0";

export function clientReady(microphone: boolean): string {
  return envelope("client-ready", {
    version: RTVI_VERSION,
    about: {
      library: "voice-server-web",
      library_version: "0.1.0",
      platform: "browser",
      platform_details: { microphone },
    },
  });
}

export function sendText(content: string): string {
  return envelope("send-text", { content, options: { run_immediately: true, audio_response: true } });
}

/** How far the loudspeaker is behind: `delay_ms` in all, and what it is made of. */
export function playout(delays: { delay_ms: number } & Record<string, number>): string {
  return envelope("client-message", { t: "playout", d: delays });
}

export function disconnectBot(): string {
  return envelope("disconnect-bot", {});
}

function envelope(type: string, data: object): string {
  return JSON.stringify({ label: "rtvi-ai", type, id: messageId(), data });
}

/** Random enough to pair an answer with its message; `crypto.randomUUID` is missing on insecure origins. */
function messageId(): string {
  return Math.random().toString(36).slice(2, 10);
}
