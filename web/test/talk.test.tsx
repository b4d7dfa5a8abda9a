import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Fault } from "../src/api/fault";
import { Call, type Devices } from "../src/call/call";
import type { ServerEvent } from "../src/call/messages";
import { microphoneFault } from "../src/call/microphone";
import { RehearsedConnection } from "../src/call/rehearsal";
import { CallContext } from "../src/call/useCall";
import { TalkPage } from "../src/pages/talk/TalkPage";

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

/** A talk page whose connection and devices are under the test's hand. */
function stage(devices: Partial<Devices> = {}) {
  const connections: RehearsedConnection[] = [];
  const call = new Call(
    (microphone, events) => {
      const connection = new RehearsedConnection(microphone, events);
      connections.push(connection);
      return connection;
    },
    {
      open: () => Promise.reject(microphoneFault("NotFoundError")),
      list: () => Promise.resolve([]),
      watch: () => () => undefined,
      awake: () => () => undefined,
      speaker: () => ({
        unlock: () => undefined,
        attach: () => undefined,
        play: () => undefined,
        stop: () => undefined,
      }),
      ...devices,
    },
  );
  render(
    <CallContext value={call}>
      <TalkPage admin={false} />
    </CallContext>,
  );
  const line = () => {
    const connection = connections.at(-1);
    if (!connection) throw new Error("no connection was opened");
    return connection;
  };
  const say = (...events: ServerEvent[]) => act(() => events.forEach((event) => line().say(event)));
  return { call, connections, line, say, user: userEvent.setup({ advanceTimers: vi.advanceTimersByTime.bind(vi) }) };
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.stubGlobal("fetch", () =>
    Promise.resolve(
      Response.json({ engines: [], library: { documents: 3, passages: 9, indexing: false }, notices: [] }),
    ),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function ask(user: ReturnType<typeof userEvent.setup>, question: string) {
  await user.type(screen.getByRole("textbox", { name: "Type a question" }), question);
  await user.click(screen.getByRole("button", { name: "Ask" }));
}

describe("the talk page", () => {
  it("sends a typed question once the line is open, and shows the answer as it is heard", async () => {
    const { line, say, user } = stage();
    await ask(user, "How fast?");
    expect(line().sent).toEqual([]);
    act(() => line().connect());
    expect(line().sent.map((m) => JSON.parse(m) as unknown)).toMatchObject([
      { type: "send-text", data: { content: "How fast?" } },
    ]);

    say({ kind: "state", state: "speaking", turn: 1 }, { kind: "evidence", turn: 1, sources: [SOURCE] });
    say(
      { kind: "cite", turn: 1, passageIds: ["p1"], claim: "Give 15 mg/kg." },
      { kind: "words", turn: 1, text: "Give 15" },
    );
    const conversation = within(screen.getByRole("region", { name: "Conversation" }));
    expect(conversation.getByText("Give 15")).toBeTruthy();
    expect(conversation.getByText("being read")).toBeTruthy();
    expect(screen.getAllByText("Speaking").length).toBeGreaterThan(0);

    say({
      kind: "answer",
      turn: 1,
      spoken: "Give 15 mg/kg. Then wait.",
      heard: "Give 15",
      interrupted: true,
      cited: [],
    });
    expect(conversation.queryByText("being read")).toBeNull();
    expect(conversation.getByText("mg/kg. Then wait.").tagName).toBe("DEL");
    expect(conversation.getByText(/not heard/)).toBeTruthy();
  });

  it("opens the document at the passage from its card", async () => {
    const { line, say, user } = stage();
    await ask(user, "Dose?");
    act(() => line().connect());
    say({ kind: "evidence", turn: 1, sources: [SOURCE] });
    expect(screen.getByRole("link", { name: /Vancomycin, Dose/ }).getAttribute("href")).toBe("/library/d1#passage-p1");
  });

  it("reads each question and each finished answer out, with its source", async () => {
    const { line, say, user } = stage();
    await ask(user, "Dose?");
    act(() => line().connect());
    say({
      kind: "answer",
      turn: 1,
      spoken: "15 mg/kg.",
      heard: "15 mg/kg.",
      interrupted: false,
      cited: [
        {
          passageId: "p1",
          documentId: "d1",
          title: "Vancomycin",
          section: "",
          page: null,
          claim: "15 mg/kg.",
          quote: "15 mg/kg",
        },
      ],
    });
    const log = screen.getByRole("log");
    expect(log.textContent).toContain("You: Dose?");
    expect(log.textContent).toContain("Answer: 15 mg/kg.");
    expect(log.textContent).toContain("Source: Vancomycin");
  });

  it("says why the microphone cannot be used and leaves typing open", async () => {
    const { connections, user } = stage();
    await user.click(screen.getByRole("button", { name: "Talk" }));
    expect((await screen.findByRole("alert")).textContent).toContain("No microphone was found.");
    expect(connections).toHaveLength(0);
    await ask(user, "Dose?");
    expect(connections).toHaveLength(1);
  });

  it("tries a busy server again when it said so", async () => {
    const { connections, line, user } = stage();
    await ask(user, "Dose?");
    act(() =>
      line().phase("closed", new Fault("calls.busy", "All lines are in use.", { status: 503, retryAfterS: 3 })),
    );
    expect(screen.getByText(/Trying again in 3 s/)).toBeTruthy();
    await act(() => vi.advanceTimersByTimeAsync(3_000));
    expect(connections).toHaveLength(2);
    act(() => line().connect());
    expect(line().sent.join()).toContain("Dose?");
  });

  it("tells that a lost conversation is being taken up again, and sends what was typed meanwhile", async () => {
    const { line, user } = stage();
    await ask(user, "First?");
    act(() => line().connect());
    act(() => line().phase("reconnecting", null));
    expect(screen.getByText("The connection was lost.")).toBeTruthy();
    await ask(user, "Second?");
    act(() => line().connect());
    expect(line().sent.join()).toContain("Second?");
    expect(screen.queryByText("The connection was lost.")).toBeNull();
  });

  it("tells that the microphone sends only silence", async () => {
    let dead: (dead: boolean) => void = () => undefined;
    const track = { enabled: true, stop: () => undefined, onended: null };
    const { line, user } = stage({
      open: () =>
        Promise.resolve({ getTracks: () => [track], getAudioTracks: () => [track] } as unknown as MediaStream),
      watch: (_, on) => {
        dead = on.dead;
        return () => undefined;
      },
    });
    await user.click(screen.getByRole("button", { name: "Talk" }));
    act(() => line().connect());
    act(() => dead(true));
    expect(screen.getByText(/sends only silence/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Mute" }));
    expect(track.enabled).toBe(false);
    expect(screen.queryByText(/sends only silence/)).toBeNull();
    expect(screen.getAllByText("Muted").length).toBeGreaterThan(0);
  });
});
