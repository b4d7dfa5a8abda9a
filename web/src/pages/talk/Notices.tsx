import { Button } from "react-aria-components";
import type { CallView } from "../../call/call";
import { useCall } from "../../call/useCall";
import { FaultMessage, Message } from "../../parts/Message";

/** What to do about what the server says, by the first part of its code. */
const WAYS_ON: Record<string, string> = {
  hearing: "Say it again, or type your question.",
  model: "Ask again in a moment, or look it up under Library.",
  voice: "The answer can be read here.",
};

/** Everything the person should know now, each with a way on. */
export function Notices({ view }: { view: CallView }) {
  const { call } = useCall();
  const said = view.conversation.notices.filter((n) => n.code !== "microphone.silent");
  const fault = view.fault;
  return (
    <div className="notices">
      {view.phase === "reconnecting" && (
        <Message tone="warning">
          <strong>The connection was lost.</strong> Taking the conversation up again, for up to a minute. What was said is
          kept.
        </Message>
      )}
      {view.soundBlocked && (
        <Message
          tone="warning"
          icon="sound"
          action={
            <Button className="button" onPress={() => call.playSound()}>
              Play sound
            </Button>
          }
        >
          <strong>The browser is holding back the sound.</strong>
        </Message>
      )}
      {view.microphoneDead && (
        <Message tone="warning" icon="micOff">
          <strong>The microphone sends only silence.</strong> It may be switched off, or another program may be using
          it. Choose another one, or type your question.
        </Message>
      )}
      {fault && view.retryIn_s !== null && (
        <Message
          tone="warning"
          onDismiss={() => call.dismissFault()}
          action={
            <Button className="button button-quiet" onPress={() => call.again()}>
              Try now
            </Button>
          }
        >
          <strong>{fault.sentence}</strong> <span className="visually-hidden">It will be tried again by itself.</span>
          <span aria-hidden="true">Trying again in {view.retryIn_s} s.</span>
        </Message>
      )}
      {fault && view.retryIn_s === null && (
        <FaultMessage
          fault={fault}
          onDismiss={() => call.dismissFault()}
          {...(view.phase === "idle" && !fault.code.startsWith("microphone.") ? { onRetry: () => call.again() } : {})}
        />
      )}
      {said.map((notice) => (
        <Message key={notice.key} tone="warning" onDismiss={() => call.dismiss(notice.key)}>
          <strong>{notice.text}</strong> {WAYS_ON[notice.code.split(".")[0] ?? ""]}
        </Message>
      ))}
    </div>
  );
}
