import { Button, Disclosure, DisclosurePanel } from "react-aria-components";
import type { ServerStatus } from "../../api/types";
import { Icon } from "../../parts/Icon";

const WORDS: Record<string, string> = {
  transcriber: "Basic recogniser: it mishears more often, so check what it heard.",
  hearing: "Basic recogniser: it mishears more often, so check what it heard.",
  voice: "Basic voice.",
  model: "No language model: answers are sentences quoted from the library.",
  embedder: "Search by words alone: a question in other words may find less.",
};

/** Says which engines are stand-ins, and how to get better ones. */
export function EngineNotice({ status }: { status: ServerStatus | null }) {
  const basic = status?.engines.filter((engine) => engine.fallback) ?? [];
  if (basic.length === 0) return null;
  const first = basic.find((engine) => engine.seam === "transcriber" || engine.seam === "hearing") ?? basic[0];
  return (
    <Disclosure className="engines">
      <Button slot="trigger" className="button button-bare engines-button">
        <Icon name="info" size={18} />
        <span>
          {first && (first.seam === "transcriber" || first.seam === "hearing")
            ? "Basic recogniser in use"
            : "Basic engines in use"}
        </span>
        <Icon name="down" size={16} />
      </Button>
      <DisclosurePanel className="engines-panel">
        <ul className="plain">
          {basic.map((engine) => (
            <li key={engine.seam}>
              <strong>{engine.engine}</strong>
              <span>{WORDS[engine.seam] ?? `Stand-in for ${engine.seam}.`}</span>
              {engine.remedy && <span className="quiet">{engine.remedy}</span>}
            </li>
          ))}
        </ul>
      </DisclosurePanel>
    </Disclosure>
  );
}
