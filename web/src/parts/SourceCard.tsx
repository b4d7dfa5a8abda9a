import { Fragment } from "react";
import { sectionPath } from "../call/messages";
import { To } from "../route";
import { Icon } from "./Icon";
import { carriedParts } from "./carried";

/** What a source card says; live passages and stored citations both have it. */
export interface CardSource {
  passageId: string;
  documentId: string;
  title: string;
  section: string;
  page: number | null;
  edition?: string;
  year?: number | null;
  superseded?: boolean;
  sample?: boolean;
  text: string;
  /** What was said from it. */
  claims?: readonly string[];
}

/** A passage beside an answer. Opening it shows the document with the passage marked. */
export function SourceCard({
  source,
  number,
  sounding = false,
}: {
  source: CardSource;
  number: number | null;
  sounding?: boolean;
}) {
  const { title, section, page, edition = "", year = null } = source;
  const issue = source.sample === true ? "" : edition || (year === null ? "" : String(year));
  const place = [headingsBelow(title, section), page === null ? "" : `page\u00a0${page}`].filter(Boolean).join(", ");
  return (
    <article className={sounding ? "source sounding" : "source"}>
      <header className="source-head">
        {number !== null && (
          <span className="source-number" aria-hidden="true">
            {number}
          </span>
        )}
        <To
          href={passageHref(source)}
          className="source-title"
          label={`${number === null ? "" : `Source ${number}: `}${title}${place ? `, ${place}` : ""}`}
        >
          {title}
        </To>
      </header>
      {place && <p className="source-place">{place}</p>}
      <blockquote className="source-text">
        {carriedParts(source.text, source.claims ?? []).map((part, n) => (
          <Fragment key={n}>
            {n > 0 && (part.newLine ? "\n" : " ")}
            {part.carried ? <mark>{part.text}</mark> : part.text}
          </Fragment>
        ))}
      </blockquote>
      <p className="source-foot">
        {sounding && (
          <span className="pill pill-sounding">
            <Icon name="sound" size={16} /> being read
          </span>
        )}
        {issue && <span className="pill">{issue}</span>}
        {source.superseded === true && (
          <span className="pill pill-warning">
            <Icon name="warning" size={14} /> superseded
          </span>
        )}
        {source.sample === true && <span className="pill">sample, not for clinical use</span>}
      </p>
    </article>
  );
}

export function passageHref({ documentId, passageId }: { documentId: string; passageId: string }): string {
  return `/library/${documentId}#passage-${passageId}`;
}

/** A section path often begins with the document's own title; said once is enough. */
export function headingsBelow(title: string, section: string | readonly string[]): string {
  const path = sectionPath(section).split(" › ");
  return (path[0] === title ? path.slice(1) : path).join(" › ");
}
