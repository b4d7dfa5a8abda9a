import { describe, expect, it } from "vitest";
import { clientReady, playout, readMessage, sendText } from "../src/call/messages";

const rtvi = (type: string, data?: unknown) => JSON.stringify({ label: "rtvi-ai", type, id: "1", data });
const event = (raw: string) => readMessage(raw).event;

describe("a message from the server", () => {
  it("is read with its number", () => {
    const raw = JSON.stringify({ label: "rtvi-ai", type: "bot-ready", id: "1", data: {}, seq: 7 });
    expect(readMessage(raw)).toEqual({ seq: 7, event: { kind: "ready" } });
  });

  it("carries clinical signs unharmed", () => {
    expect(event(rtvi("server-message", { kind: "words", turn: 2, text: "K+ < 3.5 & 10^9/L" }))).toEqual({
      kind: "words",
      turn: 2,
      text: "K+ < 3.5 & 10^9/L",
    });
  });

  it("joins the headings of a passage", () => {
    const read = event(
      rtvi("server-message", { kind: "evidence", turn: 1, passages: [{ passage_id: "p", section: ["A", "B"] }] }),
    );
    expect(read).toMatchObject({ kind: "evidence", sources: [{ passageId: "p", section: "A › B", page: null }] });
  });

  it("says that the server has left", () => {
    expect(event('{"type":"signalling","message":{"type":"peerLeft"}}')).toEqual({ kind: "left" });
  });

  it.each([
    "ping",
    "[]",
    "null",
    '{"label":"other","type":"bot-ready"}',
    rtvi("server-message", { kind: "unheard-of" }),
    rtvi("server-message"),
  ])("is dropped when it is none of ours: %s", (raw) => expect(event(raw)).toBeNull());
});

describe("a message to the server", () => {
  it("has the RTVI envelope", () => {
    expect(JSON.parse(sendText("How fast?"))).toMatchObject({
      label: "rtvi-ai",
      type: "send-text",
      data: { content: "How fast?" },
    });
    expect(JSON.parse(clientReady(true))).toMatchObject({ type: "client-ready", data: { version: "1.2.0" } });
    expect(JSON.parse(playout({ delay_ms: 90 }))).toMatchObject({
      type: "client-message",
      data: { t: "playout", d: { delay_ms: 90 } },
    });
  });
});
