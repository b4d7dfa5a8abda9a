import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Fault } from "../src/api/fault";
import { SessionKeeper } from "../src/api/session";

const PERSON = { id: "00000000-0000-0000-0000-000000000001", email: "a@example.org", name: "A", role: "clinician" };
const granted = (token: string) =>
  Response.json({ access_token: token, expires_in_s: 900, must_change_password: false, person: PERSON });
const refused = () =>
  Response.json({ code: "session.over", sentence: "Over.", remedy: "", field: "" }, { status: 401 });

/** A server that gives the listed answers in turn and keeps the paths it was asked for. */
function server(...answers: (() => Response | Promise<Response>)[]) {
  const asked: string[] = [];
  const send: typeof fetch = async (input) => {
    asked.push(typeof input === "string" ? input : "");
    return (answers.shift() ?? refused)();
  };
  return { asked, keeper: new SessionKeeper(send) };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a session", () => {
  it("is not tried on a first visit", async () => {
    const { asked, keeper } = server();
    await keeper.resume();
    expect(keeper.state.at).toBe("signed-out");
    expect(asked).toEqual([]);
  });

  it("is taken up again by the cookie on the next visit", async () => {
    const first = server(() => granted("one"));
    await first.keeper.signIn("a@example.org", "secret");
    const second = server(() => granted("two"));
    await second.keeper.resume();
    expect(second.keeper.token).toBe("two");
    expect(second.asked).toEqual(["/api/session/refresh"]);
  });

  it("is renewed before it ends", async () => {
    const { keeper } = server(
      () => granted("one"),
      () => granted("two"),
    );
    await keeper.signIn("a@example.org", "secret");
    await vi.advanceTimersByTimeAsync(841_000);
    expect(keeper.token).toBe("two");
  });

  it("is renewed once when many requests need it at the same time", async () => {
    const { asked, keeper } = server(
      () => granted("one"),
      () => granted("two"),
    );
    await keeper.signIn("a@example.org", "secret");
    await Promise.all([keeper.renew(), keeper.renew(), keeper.renew()]);
    expect(asked).toEqual(["/api/session", "/api/session/refresh"]);
  });

  it("that has ended asks the same person to sign in again", async () => {
    const { keeper } = server(() => granted("one"), refused);
    await keeper.signIn("a@example.org", "secret");
    expect(await keeper.renew()).toBe(false);
    expect(keeper.state).toMatchObject({ at: "expired", person: PERSON });
    expect(keeper.token).toBe("");
  });

  it("is kept when the server does not answer for a moment", async () => {
    const { keeper } = server(
      () => granted("one"),
      () => Promise.reject(new TypeError("no network")),
    );
    await keeper.signIn("a@example.org", "secret");
    await expect(keeper.renew()).rejects.toMatchObject({ code: "network.no_answer" });
    expect(keeper.state.at).toBe("signed-in");
    expect(keeper.token).toBe("one");
  });

  it("is refused with the server's own sentence", async () => {
    const { keeper } = server(refused);
    await expect(keeper.signIn("a@example.org", "wrong")).rejects.toThrow(Fault);
    expect(keeper.state.person).toBeNull();
  });
});
