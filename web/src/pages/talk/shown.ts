import type { Exchange } from "../../call/conversation";
import type { ShownExchange } from "../../parts/ExchangeView";
import type { CardSource } from "../../parts/SourceCard";

/** An exchange as it is drawn: what has been said from first, in the order it was said. */
export function shown(exchange: Exchange): ShownExchange {
  const { sources, cited, said, sounding, ended } = exchange;
  const ids = [...new Set([...said.flatMap((s) => s.passageIds), ...cited.map((c) => c.passageId)])];
  const cards = ids
    .map((id): CardSource | undefined => {
      const claims = [...said.filter((s) => s.passageIds.includes(id)), ...cited.filter((c) => c.passageId === id)].map(
        (s) => s.claim,
      );
      const source = sources.find((s) => s.passageId === id);
      if (source) return { ...source, claims };
      const quoted = cited.find((c) => c.passageId === id);
      return quoted && { ...quoted, text: quoted.quote, claims };
    })
    .filter((card) => card !== undefined);
  return {
    question: exchange.question,
    typed: exchange.typed,
    heard: exchange.heard,
    unheard: exchange.unheard,
    interrupted: exchange.interrupted,
    ended,
    cited: cards,
    found: sources.filter((s) => !ids.includes(s.passageId)),
    sounding,
    claims: cited.map(({ claim, passageId }) => ({ claim, passageId })),
  };
}
