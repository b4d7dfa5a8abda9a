/** How the page writes dates, sizes and names. */

const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const moment = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

export const sayDay = (iso: string) => day.format(new Date(iso));
export const sayClock = (iso: string) => clock.format(new Date(iso));
export const sayMoment = (iso: string) => moment.format(new Date(iso));
export const sayDate = (iso: string) => date.format(new Date(iso));

export function sayLength(from: string, to: string | null): string {
  if (to === null) return "still going";
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

export function saySize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function sayCount(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

export const ROLES = { clinician: "Clinician", reviewer: "Reviewer", admin: "Admin" } as const;

const ACTIONS: Record<string, string> = {
  "session.begin": "Signed in",
  "session.end": "Signed out",
  "password.change": "Chose a new password",
  "person.create": "Made an account",
  "person.change": "Changed an account",
  "transcript.open": "Opened a conversation",
  "library.add": "Added a document",
  "library.remove": "Removed a document",
};

/** What was done, in words; an action without words of its own as it is: `call.read` as "Call read". */
export function sayAction(action: string): string {
  const known = ACTIONS[action];
  if (known !== undefined) return known;
  const words = action.replaceAll(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ENDINGS: Record<string, string> = {
  "": "In progress",
  "hung up": "Ended",
  "connection lost": "The connection was lost",
  idle: "Ended after a long silence",
  "server stopped": "Ended as the server stopped",
  failed: "Ended by a failure",
};

/** How a call ended, in words. */
export function sayEnding(ending: string): string {
  const known = ENDINGS[ending];
  if (known !== undefined) return known;
  const words = ending.replaceAll(/[._-]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
