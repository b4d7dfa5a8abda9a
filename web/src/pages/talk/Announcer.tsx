import type { CallView } from "../../call/call";
import { stateOf } from "./StateWord";

/**
 * What a screen reader hears: the state as it changes, each question once it is final and each
 * answer once it has ended. The answer itself is spoken, so its words are not read over it.
 */
export function Announcer({ view }: { view: CallView }) {
  const inCall = view.phase !== "idle";
  return (
    <>
      <p className="visually-hidden" role="status">
        {inCall ? stateOf(view).word : ""}
      </p>
      <div className="visually-hidden" role="log" aria-label="Transcript" aria-live="polite">
        {view.conversation.exchanges.map((x) => (
          <div key={x.key}>
            {x.question !== "" && <p>You: {x.question}</p>}
            {x.ended && (
              <p>
                Answer: {x.heard}
                {x.unheard !== "" && ` Not heard: ${x.unheard}`}
              </p>
            )}
            {x.ended && x.cited.length > 0 && <p>Source: {[...new Set(x.cited.map((c) => c.title))].join("; ")}</p>}
          </div>
        ))}
      </div>
    </>
  );
}
