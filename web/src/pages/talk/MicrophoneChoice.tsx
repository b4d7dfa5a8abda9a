import { useCall } from "../../call/useCall";
import { Choice } from "../../parts/Choice";

const BROWSERS_OWN = "browser";

/** The microphones by name, once the browser has been allowed to tell them. */
export function MicrophoneChoice({ compact = false }: { compact?: boolean }) {
  const { call, view } = useCall();
  if (view.microphones.length === 0) {
    return compact ? null : <p className="quiet">Your browser will ask to use the microphone.</p>;
  }
  const known = view.microphones.some((m) => m.id === view.chosenMicrophone);
  const options = [
    { id: BROWSERS_OWN, label: "Browser’s choice" },
    ...view.microphones.filter((m) => m.id !== "default"),
  ];
  return (
    <Choice
      label="Microphone"
      icon="mic"
      hideLabel={compact}
      options={options}
      value={known && view.chosenMicrophone !== "default" ? view.chosenMicrophone : BROWSERS_OWN}
      onChange={(id) => void call.chooseMicrophone(id === BROWSERS_OWN ? "" : id)}
    />
  );
}
