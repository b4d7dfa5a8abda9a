import { describe, expect, it } from "vitest";
import { type Conversation, type ConversationEvent, NOTHING_SAID, after, rest } from "../src/call/conversation";

const play = (...events: ConversationEvent[]): Conversation => events.reduce(after, NOTHING_SAID);

const SOURCE = {
  passageId: "p1",
  documentId: "d1",
  title: "Vancomycin",
  section: "Dose",
  page: 2,
  edition: "",
  year: 2024,
  superseded: false,
  sample: true,
  text: "15 mg/kg every 24 hours",
};
const CITED = {
  passageId: "p1",
  documentId: "d1",
  title: "Vancomycin",
  section: "Dose",
  page: 2,
  claim: "Give 15 mg/kg.",
  quote: "15 mg/kg",
};

describe("a conversation", () => {
  it("shows words while they are spoken and keeps the final ones as the question", () => {
    const speaking = play({ kind: "transcript", text: "what is the", final: false });
    expect(speaking.hearing).toBe("what is the");
    const asked = after(speaking, { kind: "transcript", text: "what is the dose", final: true });
    expect(asked.hearing).toBe("");
    expect(asked.exchanges.map((x) => x.question)).toEqual(["what is the dose"]);
  });

  it("continues a question that was resumed before an answer began", () => {
    const { exchanges } = play(
      { kind: "transcript", text: "what is the dose of", final: true },
      { kind: "state", state: "thinking", turn: 1 },
      { kind: "transcript", text: "vancomycin", final: true },
    );
    expect(exchanges.map((x) => x.question)).toEqual(["what is the dose of vancomycin"]);
  });

  it("gives the answer to the question that waits for one", () => {
    const { exchanges } = play(
      { kind: "typed", text: "How fast?" },
      { kind: "evidence", turn: 4, sources: [SOURCE] },
      { kind: "words", turn: 4, text: "Infuse at" },
    );
    expect(exchanges).toHaveLength(1);
    expect(exchanges[0]).toMatchObject({
      turn: 4,
      question: "How fast?",
      typed: true,
      heard: "Infuse at",
      sources: [SOURCE],
    });
  });

  it("shows a typed question once, though the server says it again", () => {
    const { exchanges } = play(
      { kind: "typed", text: "How fast? " },
      { kind: "state", state: "listening", turn: 0 },
      { kind: "transcript", text: "How fast?", final: true },
      { kind: "state", state: "thinking", turn: 1 },
      { kind: "words", turn: 1, text: "Infuse at" },
    );
    expect(exchanges).toHaveLength(1);
    expect(exchanges[0]).toMatchObject({ turn: 1, typed: true, heard: "Infuse at" });
  });

  it("leaves words that asked for nothing apart from the next question", () => {
    const { exchanges } = play(
      { kind: "transcript", text: "stop", final: true },
      { kind: "state", state: "listening", turn: 1 },
      { kind: "transcript", text: "what is the dose of vancomycin", final: true },
    );
    expect(exchanges.map((x) => x.question)).toEqual(["stop", "what is the dose of vancomycin"]);
  });

  it("says once why nothing was heard, until something is", () => {
    const deaf = play(
      { kind: "notice", code: "hearing.down", text: "I could not hear that." },
      { kind: "notice", code: "hearing.nothing", text: "I didn't catch that." },
      { kind: "notice", code: "history.waiting", text: "It will be saved later." },
    );
    expect(deaf.notices.map((n) => n.code)).toEqual(["hearing.down", "history.waiting"]);
    const heard = after(deaf, { kind: "transcript", text: "what is the dose", final: true });
    expect(heard.notices.map((n) => n.code)).toEqual(["history.waiting"]);
  });

  it("lights a passage only while its claim sounds", () => {
    const lit = play(
      { kind: "evidence", turn: 1, sources: [SOURCE] },
      { kind: "cite", turn: 1, passageIds: ["p1"], claim: "Give" },
    );
    expect(lit.exchanges[0]?.sounding).toEqual(["p1"]);
    expect(after(lit, { kind: "cite_end", turn: 1 }).exchanges[0]).toMatchObject({
      sounding: [],
      said: [{ claim: "Give", passageIds: ["p1"] }],
    });
  });

  it("keeps what was heard of an interrupted answer apart from what was not", () => {
    const { exchanges } = play(
      { kind: "words", turn: 1, text: "Give 15" },
      {
        kind: "answer",
        turn: 1,
        spoken: "Give 15 mg/kg. Then check.",
        heard: "Give 15",
        interrupted: true,
        cited: [CITED],
      },
    );
    expect(exchanges[0]).toMatchObject({
      heard: "Give 15",
      unheard: "mg/kg. Then check.",
      interrupted: true,
      ended: true,
    });
  });

  it("ignores words and citations that arrive after the answer was cut off", () => {
    const { exchanges } = play(
      { kind: "answer", turn: 1, spoken: "One two", heard: "One", interrupted: true, cited: [] },
      { kind: "words", turn: 1, text: "One two" },
      { kind: "cite", turn: 1, passageIds: ["p1"], claim: "One" },
    );
    expect(exchanges[0]).toMatchObject({ heard: "One", sounding: [] });
  });

  it("lets nothing sound any more once the call is over", () => {
    const { exchanges } = play(
      { kind: "words", turn: 1, text: "Give 15" },
      { kind: "cite", turn: 1, passageIds: ["p1"], claim: "Give" },
      { kind: "over" },
    );
    expect(exchanges[0]).toMatchObject({ heard: "Give 15", sounding: [], ended: true, interrupted: true });
  });

  it("starts a new exchange when the caller cuts in with another question", () => {
    const { exchanges } = play(
      { kind: "transcript", text: "first", final: true },
      { kind: "words", turn: 1, text: "Well" },
      { kind: "transcript", text: "second", final: true },
      { kind: "answer", turn: 1, spoken: "Well then", heard: "Well", interrupted: true, cited: [] },
      { kind: "words", turn: 2, text: "Yes" },
    );
    expect(exchanges.map((x) => [x.question, x.heard])).toEqual([
      ["first", "Well"],
      ["second", "Yes"],
    ]);
  });

  it("says so when a conversation could not be taken up again, and mixes no turns", () => {
    const { exchanges, notices } = play(
      { kind: "call", callId: "a", resumeToken: "" },
      { kind: "words", turn: 1, text: "Old" },
      { kind: "call", callId: "b", resumeToken: "" },
      { kind: "typed", text: "New?" },
      { kind: "words", turn: 1, text: "New" },
    );
    expect(exchanges.map((x) => x.heard)).toEqual(["Old", "New"]);
    expect(notices.map((n) => n.code)).toEqual(["call.new"]);
  });

  it("shows a notice once, however often it is repeated", () => {
    const notice = { kind: "notice", code: "hearing.nothing", text: "I didn't catch that." } as const;
    expect(play(notice, notice).notices).toHaveLength(1);
  });
});

describe("the rest of an answer", () => {
  it("is what follows the heard words", () => expect(rest("K+ < 3.5 is low", "K+ < 3.5")).toBe("is low"));
  it("is counted in words when the spelling differs", () => expect(rest("Give 5 mg now", "give five")).toBe("mg now"));
  it("is everything when nothing was heard", () => expect(rest("Give 5 mg", "")).toBe("Give 5 mg"));
});
