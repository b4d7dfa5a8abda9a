import type { ReactNode } from "react";
import { Button, Disclosure, DisclosurePanel } from "react-aria-components";
import { Icon } from "./Icon";
import { type CardSource, SourceCard } from "./SourceCard";

export interface ShownExchange {
  question: string;
  typed: boolean;
  heard: string;
  unheard: string;
  interrupted: boolean;
  ended: boolean;
  /** Cited or sounding: shown as cards. */
  cited: CardSource[];
  /** Found and not cited: folded away once the answer has ended. */
  found: CardSource[];
  sounding: readonly string[];
  /** Sentences and the passages that carry them, for the numbers in the text. */
  claims: readonly { claim: string; passageId: string }[];
}

/** A question, its answer as it was heard, and the sources beside it. */
export function ExchangeView({ exchange, children }: { exchange: ShownExchange; children?: ReactNode }) {
  const { question, typed, heard, unheard, interrupted, ended, cited, found, sounding } = exchange;
  const hasAnswer = heard !== "" || unheard !== "" || ended;
  return (
    <article className="exchange">
      <div className="exchange-words">
        {question !== "" && (
          <div className="said-by-you">
            <p className="who">
              You{" "}
              {typed && (
                <span className="pill">
                  <Icon name="keyboard" size={14} /> typed
                </span>
              )}
            </p>
            <p className="question">{question}</p>
          </div>
        )}
        {hasAnswer && (
          <div className="said-by-us">
            <p className="who">Answer</p>
            <p className="answer">
              <Heard text={heard} cited={cited} claims={ended ? exchange.claims : []} />
              {unheard !== "" && (
                <>
                  {" "}
                  <del className="unheard">
                    <span className="visually-hidden">Not heard: </span>
                    {unheard}
                  </del>
                </>
              )}
              {ended && heard === "" && unheard === "" && <span className="nothing">Nothing was said.</span>}
            </p>
            {interrupted && (
              <p className="cut">
                <Icon name="cut" size={16} /> Interrupted{unheard !== "" && "; the struck words were not heard"}
              </p>
            )}
          </div>
        )}
        {children}
      </div>
      {(cited.length > 0 || found.length > 0) && (
        <section className="exchange-sources" aria-label="Sources">
          <p className="who" aria-hidden="true">
            {cited.length > 0 || ended ? "Sources" : "Found in the library"}
          </p>
          {cited.map((source, n) => (
            <SourceCard
              key={source.passageId}
              source={source}
              number={n + 1}
              sounding={sounding.includes(source.passageId)}
            />
          ))}
          {!ended &&
            cited.length === 0 &&
            found.map((source) => <SourceCard key={source.passageId} source={source} number={null} />)}
          {(ended || cited.length > 0) && found.length > 0 && <AlsoFound found={found} ended={ended} />}
        </section>
      )}
    </article>
  );
}

function AlsoFound({ found, ended }: { found: CardSource[]; ended: boolean }) {
  return (
    <Disclosure className="more">
      <Button slot="trigger" className="button button-bare more-button">
        <Icon name="next" size={16} /> {ended ? "Also found, not cited" : "Also found"} ({found.length})
      </Button>
      <DisclosurePanel className="more-panel">
        {found.map((source) => (
          <SourceCard key={source.passageId} source={source} number={null} />
        ))}
      </DisclosurePanel>
    </Disclosure>
  );
}

/** The heard text with the number of its source after each claim that was heard to its end. */
function Heard({ text, cited, claims }: { text: string; cited: CardSource[]; claims: ShownExchange["claims"] }) {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const { claim, passageId } of claims) {
    const at = claim === "" ? -1 : text.indexOf(claim, from);
    const number = cited.findIndex((source) => source.passageId === passageId) + 1;
    if (number === 0) continue;
    const end = at === -1 ? from : at + claim.length;
    if (at === -1 && !text.slice(0, from).endsWith(claim)) continue;
    parts.push(
      text.slice(from, end),
      <sup key={`${passageId}-${end}`} className="cite">
        <span className="visually-hidden"> source </span>
        {number}
      </sup>,
    );
    from = end;
  }
  return (
    <>
      {parts}
      {text.slice(from)}
    </>
  );
}
