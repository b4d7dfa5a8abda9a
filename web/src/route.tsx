import { type ReactNode, useSyncExternalStore } from "react";
import { Link } from "react-aria-components";

/** Where the page is: the server answers every such path with the page itself. */
export interface Place {
  path: string;
  search: string;
  hash: string;
}

const listeners = new Set<() => void>();
let place = read();

globalThis.addEventListener("popstate", refresh);

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => place);
}

/** Go to a path of this page, e.g. `/library/…#passage-…`. */
export function navigate(to: string): void {
  if (to === place.path + place.search + place.hash) return;
  globalThis.history.pushState(null, "", to);
  refresh();
  if (!to.includes("#")) globalThis.scrollTo({ top: 0 });
}

/** React Aria's links open through this. */
export function To({
  href,
  children,
  className,
  label,
  current,
}: {
  href: string;
  children: ReactNode;
  className?: string;
  label?: string;
  current?: boolean;
}) {
  return (
    <Link
      href={href}
      className={className ?? "link"}
      {...(label === undefined ? {} : { "aria-label": label })}
      {...(current === true ? { "aria-current": "page" } : {})}
    >
      {children}
    </Link>
  );
}

/** `id` when `path` is `/folder/id`, else null. */
export function idUnder(folder: string, path: string): string | null {
  const match = /^\/([^/]+)\/([^/]+)\/?$/.exec(path);
  return match?.[1] === folder ? decodeURIComponent(match[2] ?? "") : null;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function refresh(): void {
  place = read();
  for (const listener of listeners) listener();
}

function read(): Place {
  const { pathname, search, hash } = globalThis.location;
  return { path: pathname, search, hash };
}
