import { type Fault, asFault, faultOf, noAnswer } from "./fault";
import type { Person, Session } from "./types";

/**
 * Who is signed in. The access token lives here, in memory only; the refresh token is a cookie
 * that scripts cannot read.
 *
 * - `unknown`: the cookie has not been tried yet
 * - `signed-out`: nobody
 * - `signed-in`: `person` may act
 * - `expired`: `person` was signed in and must sign in again; the page keeps what they typed
 */
export type SessionState =
  | { at: "unknown" | "signed-out"; person: null; mustChangePassword: false }
  | { at: "signed-in" | "expired"; person: Person; mustChangePassword: boolean };

const NOBODY: SessionState = { at: "signed-out", person: null, mustChangePassword: false };

/** Says that this browser has held a session, so that a first visit does not try the cookie. */
const HINT = "voice.signed-in";

/** Renew this long before the token ends, so that a slow answer is not a refusal. */
const EARLY_S = 60;

export class SessionKeeper {
  #state: SessionState = { at: "unknown", person: null, mustChangePassword: false };
  #token = "";
  #renewing: Promise<boolean> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #fetch: typeof fetch;

  constructor(send: typeof fetch = (input, init) => fetch(input, init)) {
    this.#fetch = send;
  }

  get state(): SessionState {
    return this.#state;
  }

  get token(): string {
    return this.#token;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Try the cookie of an earlier visit. */
  async resume(): Promise<void> {
    if (remembered() === null) this.#become(NOBODY);
    else await this.renew();
  }

  /** Throws Fault when the sign-in is refused. */
  async signIn(email: string, password: string): Promise<void> {
    const before = this.#state.person?.id;
    const session = await this.#post("/api/session", { email, password });
    this.#accept(session);
    if (before !== undefined && before !== session.person.id) globalThis.location.reload();
  }

  async signOut(): Promise<void> {
    const token = this.#token;
    this.#forget();
    this.#become(NOBODY);
    await this.#fetch("/api/session", { method: "DELETE", headers: { Authorization: `Bearer ${token}` } }).catch(
      () => undefined,
    );
  }

  passwordChanged(): void {
    if (this.#state.at === "signed-in") this.#become({ ...this.#state, mustChangePassword: false });
  }

  /** A new access token by the cookie. False: the session is over. Throws Fault when no answer came. */
  renew(): Promise<boolean> {
    this.#renewing ??= oneTabAtATime(() => this.#renewNow()).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renewNow(): Promise<boolean> {
    try {
      this.#accept(await this.#post("/api/session/refresh"));
      return true;
    } catch (thrown) {
      const fault = asFault(thrown);
      if (fault.status !== 401 && fault.status !== 403) throw fault;
      this.#forget();
      const { person } = this.#state;
      this.#become(person ? { at: "expired", person, mustChangePassword: false } : NOBODY);
      return false;
    }
  }

  async #post(path: string, body?: unknown): Promise<Session> {
    const response = await this.#fetch(path, {
      method: "POST",
      credentials: "same-origin",
      ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    }).catch((): never => {
      throw noAnswer();
    });
    const said: unknown = await response.json().catch(() => null);
    if (!response.ok) throw faultOf(response, said) satisfies Fault;
    return said as Session;
  }

  #accept(session: Session): void {
    this.#token = session.access_token;
    remember(true);
    clearTimeout(this.#timer);
    const wait_s = Math.max(session.expires_in_s - EARLY_S, session.expires_in_s / 2);
    this.#timer = setTimeout(() => void this.renew().catch(() => undefined), wait_s * 1000);
    this.#become({
      at: "signed-in",
      person: session.person,
      mustChangePassword: session.must_change_password,
    });
  }

  #forget(): void {
    this.#token = "";
    clearTimeout(this.#timer);
    remember(false);
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** Refresh tokens rotate and a reused one ends the session, so two tabs must not renew at once. */
async function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  return locks ? await locks.request("voice.renew", work) : await work();
}

function remembered(): string | null {
  try {
    return localStorage.getItem(HINT);
  } catch {
    return "unknown";
  }
}

function remember(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(HINT, "yes");
    else localStorage.removeItem(HINT);
  } catch {
    // Storage is off: the cookie is tried at each visit.
  }
}
