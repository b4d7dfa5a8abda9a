import { Button, Disclosure, DisclosurePanel } from "react-aria-components";
import { Icon } from "./Icon";

const NAMES: Record<string, string> = {
  vad_end: "Silence noticed",
  final_transcript: "Question understood",
  turn_end: "Your turn ended",
  evidence: "Library searched",
  first_text: "First words composed",
  first_voice: "First words voiced",
  first_audio: "First sound",
  answer_end: "Answer ended",
  asked: "Question asked",
};

/** When each step of an answer happened, in milliseconds from the end of the question. */
export function Timings({ marks_ms }: { marks_ms: Record<string, number> }) {
  const marks = Object.entries(marks_ms).sort((a, b) => a[1] - b[1]);
  if (marks.length === 0) return null;
  const first = marks_ms["first_audio"];
  // The answer's length would dwarf the waits that the bars compare.
  const longest = Math.max(...marks.filter(([name]) => name !== "answer_end").map(([, ms]) => ms), 1);
  return (
    <Disclosure className="more">
      <Button slot="trigger" className="button button-bare more-button">
        <Icon name="next" size={16} />{" "}
        {first === undefined ? "Timings" : `Answered after ${(first / 1000).toFixed(2)} s`}
      </Button>
      <DisclosurePanel className="more-panel">
        <table className="timings">
          <caption className="visually-hidden">Milliseconds from the end of the question</caption>
          <tbody>
            {marks.map(([name, ms]) => (
              <tr key={name}>
                <th scope="row">{NAMES[name] ?? name.replaceAll("_", " ")}</th>
                <td className="timing-bar">
                  {ms <= longest && <progress max={longest} value={Math.max(0, ms)} aria-hidden="true" />}
                </td>
                <td className="timing-ms">{Math.round(ms)} ms</td>
              </tr>
            ))}
          </tbody>
        </table>
      </DisclosurePanel>
    </Disclosure>
  );
}
