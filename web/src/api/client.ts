import createClient, { type Middleware } from "openapi-fetch";
import { faultOf, noAnswer } from "./fault";
import type { paths } from "./schema";
import { SessionKeeper } from "./session";

export const session = new SessionKeeper();

/** Fetch with the bearer token; an expired one is renewed once and the request sent again. */
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const first = await attempt(request);
  if (first.status !== 401 || !(await session.renew())) return first;
  return attempt(again);
}

async function attempt(request: Request): Promise<Response> {
  request.headers.set("Authorization", `Bearer ${session.token}`);
  return fetch(request).catch((thrown: unknown): never => {
    if (thrown instanceof DOMException && thrown.name === "AbortError") throw thrown;
    throw noAnswer();
  });
}

const throwFaults: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return;
    throw faultOf(
      response,
      await response
        .clone()
        .json()
        .catch(() => null),
    );
  },
};

/** The server's API, typed from its OpenAPI document. Every failure is thrown as a Fault. */
export const api = createClient<paths>({ baseUrl: globalThis.location.origin, fetch: send });
api.use(throwFaults);

/** The body of an answer that succeeded. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}
