import { createContext, use, useSyncExternalStore } from "react";
import type { Call, CallView } from "./call";

/** The page's one call. */
export const CallContext = createContext<Call | null>(null);

export function useCall(): { call: Call; view: CallView } {
  const call = use(CallContext);
  if (call === null) throw new Error("CallContext is missing");
  const view = useSyncExternalStore(call.subscribe, () => call.view);
  return { call, view };
}
