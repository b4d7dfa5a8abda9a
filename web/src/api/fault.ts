/** A failure that can be told to a person: what happened, and what to do next. */
export class Fault extends Error {
  readonly code: string;
  readonly sentence: string;
  readonly remedy: string;
  /** The part of the form to mend, or "". */
  readonly field: string;
  /** HTTP status, 0 when no answer came. */
  readonly status: number;
  /** Seconds after which the same request may succeed, or null. */
  readonly retryAfterS: number | null;

  constructor(
    code: string,
    sentence: string,
    more: { remedy?: string; field?: string; status?: number; retryAfterS?: number | null } = {},
  ) {
    super(code);
    this.code = code;
    this.sentence = sentence;
    this.remedy = more.remedy ?? "";
    this.field = more.field ?? "";
    this.status = more.status ?? 0;
    this.retryAfterS = more.retryAfterS ?? null;
  }
}

export function noAnswer(): Fault {
  return new Fault("network.no_answer", "The server does not answer.", {
    remedy: "Check that this device is on the hospital network, then try again.",
  });
}

/** The fault an HTTP answer carries; `body` is what its JSON said, if anything. */
export function faultOf(response: Response, body: unknown): Fault {
  const said = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const text = (key: string) => (typeof said[key] === "string" ? said[key] : "");
  const wait = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return new Fault(text("code") || `http.${response.status}`, text("sentence") || plainSentence(response.status), {
    remedy: text("remedy"),
    field: text("field"),
    status: response.status,
    retryAfterS: Number.isFinite(wait) ? wait : null,
  });
}

/** Any thrown value as a fault; what is not one of ours has no sentence of its own. */
export function asFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  return new Fault("page.unexpected", "Something went wrong on this page.", {
    remedy: "Reload the page and try again.",
  });
}

function plainSentence(status: number): string {
  if (status === 413) return "This file is too large.";
  if (status === 404) return "There is nothing here.";
  if (status === 429) return "Too many attempts. Wait a moment, then try again.";
  if (status >= 500) return "The server could not do this.";
  return "The server refused this.";
}
