import type { CallView } from "../../call/call";
import { Icon, type IconName } from "../../parts/Icon";

/** The call's state in a word, with a sign that differs in shape as well as in colour. */
export function StateWord({ view }: { view: CallView }) {
  const { word, icon, look } = stateOf(view);
  return (
    <span className={`state state-${look}`}>
      <span className="state-sign">
        <Icon name={icon} size={18} />
      </span>
      <span className="state-word">{word}</span>
    </span>
  );
}

export function stateOf(view: CallView): { word: string; icon: IconName; look: string } {
  if (view.phase === "idle") return { word: "Not in a call", icon: "mic", look: "idle" };
  if (view.phase === "connecting") return { word: "Connecting", icon: "dots", look: "waiting" };
  if (view.phase === "reconnecting") return { word: "Reconnecting", icon: "warning", look: "warning" };
  switch (view.conversation.state) {
    case "speaking":
      return { word: "Speaking", icon: "sound", look: "speaking" };
    case "thinking":
      return { word: "Thinking", icon: "dots", look: "thinking" };
    case "busy":
      return { word: "Busy", icon: "clock", look: "warning" };
    case "listening":
      if (view.microphone === "muted") return { word: "Muted", icon: "micOff", look: "muted" };
      if (view.microphone === "off") return { word: "Ready", icon: "keyboard", look: "listening" };
      return { word: "Listening", icon: "ear", look: "listening" };
  }
}
