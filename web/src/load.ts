import { useCallback, useEffect, useState } from "react";
import { session } from "./api/client";
import { type Fault, asFault } from "./api/fault";

/** What a page reads from the server: the value when it is there, the fault when it is not. */
export interface Loaded<T> {
  value: T | null;
  fault: Fault | null;
  loading: boolean;
  reload: () => void;
}

/**
 * Read once for each `key`, and again on `reload` or when the person has signed in again. The last
 * value stays while a new one is on its way. A null key reads nothing.
 */
export function useLoad<T>(key: string | null, read: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [round, setRound] = useState(0);
  const [got, setGot] = useState<{ key: string | null; round: number; value: T | null; fault: Fault | null }>({
    key: null,
    round: -1,
    value: null,
    fault: null,
  });
  const reload = useCallback(() => setRound((n) => n + 1), []);

  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    read(stop.signal).then(
      (value) => {
        if (!stop.signal.aborted) setGot({ key, round, value, fault: null });
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted)
          setGot((was) => ({ key, round, value: was.key === key ? was.value : null, fault: asFault(thrown) }));
      },
    );
    return () => stop.abort();
    // `read` is written anew on each render; `key` says when it means something else.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, round]);

  const refused = got.fault?.status === 401;
  useEffect(
    () =>
      session.subscribe(() => {
        if (refused && session.state.at === "signed-in") reload();
      }),
    [refused, reload],
  );

  const current = got.key === key && got.round === round;
  return {
    value: got.key === key ? got.value : null,
    fault: current ? got.fault : null,
    loading: key !== null && !current,
    reload,
  };
}
