import { useEffect } from "react";
import { api, body } from "../api/client";
import type { LibraryDocumentText, LibraryPassage } from "../api/types";
import { useLoad } from "../load";
import { Icon } from "../parts/Icon";
import { FaultMessage, Message, Waiting } from "../parts/Message";
import { headingsBelow } from "../parts/SourceCard";
import { sayDate } from "../parts/say";
import { To, usePlace } from "../route";

/** A document as its passages; the one named in the address (`#passage-…`) is marked. */
export function DocumentPage({ id, admin }: { id: string; admin: boolean }) {
  const {
    value: document,
    fault,
    loading,
    reload,
  } = useLoad(id, async (signal) =>
    body(api.GET("/api/library/documents/{document_id}", { signal, params: { path: { document_id: id } } })),
  );
  const { hash } = usePlace();
  const marked = hash.startsWith("#passage-") ? hash.slice("#passage-".length) : "";

  useEffect(() => {
    if (document === null || marked === "") return;
    const passage = globalThis.document.getElementById(`passage-${marked}`);
    passage?.scrollIntoView({ block: "center" });
    passage?.focus({ preventScroll: true });
  }, [document, marked]);

  return (
    <div className="page page-reading">
      <To href="/library" className="back">
        <Icon name="back" size={18} /> Library
      </To>
      {fault && <FaultMessage fault={fault} onRetry={reload} />}
      {loading && !document && <Waiting what="Fetching the document…" />}
      {document && <Text document={document} marked={marked} admin={admin} />}
    </div>
  );
}

function Text({ document, marked, admin }: { document: LibraryDocumentText; marked: string; admin: boolean }) {
  const missing = marked !== "" && !document.passages.some((p) => p.id === marked);
  const facts = [
    document.source,
    document.edition || document.year,
    document.pages == null ? "" : `${document.pages} pages`,
    admin ? `added ${sayDate(document.added_at)}` : "",
  ];
  return (
    <>
      <h1>{document.title}</h1>
      <p className="quiet">{facts.filter(Boolean).join(" · ")}</p>
      {document.sample && (
        <Message tone="warning" live={false}>
          Sample content, not for clinical use.
        </Message>
      )}
      {document.superseded_by && (
        <Message
          tone="warning"
          live={false}
          action={
            <To href={`/library/${document.superseded_by}`} className="button button-quiet">
              Open the newer edition
            </To>
          }
        >
          <strong>A newer edition has superseded this one.</strong>
        </Message>
      )}
      {missing && (
        <Message tone="info">
          The cited passage is no longer in this document; its words are kept with the conversation in History.
        </Message>
      )}
      {document.passages.map((passage, n) => (
        <Passage
          key={passage.id}
          passage={passage}
          before={document.passages[n - 1]}
          title={document.title}
          marked={passage.id === marked}
        />
      ))}
    </>
  );
}

function Passage({
  passage,
  before,
  title,
  marked,
}: {
  passage: LibraryPassage;
  before: LibraryPassage | undefined;
  title: string;
  marked: boolean;
}) {
  const heading = headingsBelow(title, passage.section);
  const newHeading = heading !== "" && (before === undefined || headingsBelow(title, before.section) !== heading);
  const newPage = passage.page != null && passage.page !== before?.page;
  return (
    <>
      {newPage && <p className="page-mark">Page {passage.page}</p>}
      {newHeading && <h2 className="passage-heading">{heading}</h2>}
      <div id={`passage-${passage.id}`} className={marked ? "passage marked" : "passage"} tabIndex={-1}>
        {marked && (
          <p className="passage-sign">
            <Icon name="link" size={16} /> The passage you followed
          </p>
        )}
        <p>{marked ? <mark>{passage.text}</mark> : passage.text}</p>
      </div>
    </>
  );
}
