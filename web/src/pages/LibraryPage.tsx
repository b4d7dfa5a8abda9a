import { useDeferredValue, useState } from "react";
import { Button, Input, Label, SearchField } from "react-aria-components";
import { api, body } from "../api/client";
import { type Fault, asFault } from "../api/fault";
import type { LibraryDocument } from "../api/types";
import { useLoad } from "../load";
import { Ask } from "../parts/Ask";
import { Icon } from "../parts/Icon";
import { Empty, FaultMessage, Waiting } from "../parts/Message";
import { headingsBelow } from "../parts/SourceCard";
import { sayCount, saySize } from "../parts/say";
import { To } from "../route";
import { Uploads } from "./Uploads";

/** What the answers come from: search it, read it, and for admins add to it and remove from it. */
export function LibraryPage({ admin }: { admin: boolean }) {
  const { value, fault, loading, reload } = useLoad("documents", async (signal) =>
    body(api.GET("/api/library/documents", { signal })),
  );
  const [query, setQuery] = useState("");
  const asked = useDeferredValue(query.trim());
  const documents = value?.documents ?? [];
  return (
    <div className="page">
      <h1>Library</h1>
      <p className="lead">Every answer is taken from these documents.</p>
      <SearchField className="field search" value={query} onChange={setQuery}>
        <Label className="visually-hidden">Search the library</Label>
        <span className="search-box">
          <Icon name="search" />
          <Input className="input" placeholder="Search the library" />
          <Button className="button button-bare search-clear" aria-label="Clear the search">
            <Icon name="close" size={18} />
          </Button>
        </span>
      </SearchField>
      {asked !== "" && <Found query={asked} />}
      {admin && asked === "" && <Uploads onAdded={reload} />}
      {fault && <FaultMessage fault={fault} onRetry={reload} />}
      {loading && !value && <Waiting what="Fetching the list…" />}
      {value && documents.length === 0 && (
        <Empty icon="book" title="The library is empty">
          <p>
            {admin
              ? "Add guidelines, protocols or leaflets above; answers come from them alone."
              : "Ask an administrator to add documents."}
          </p>
        </Empty>
      )}
      {asked === "" && documents.length > 0 && (
        <section aria-labelledby="documents" className="day">
          <h2 id="documents" className="day-title">
            {sayCount(documents.length, "document")}
          </h2>
          <ul className="cards">
            {documents.map((document) => (
              <li key={document.id} className="card document-line">
                <DocumentLine document={document} />
                {admin && <Remove document={document} onRemoved={reload} />}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function DocumentLine({ document }: { document: LibraryDocument }) {
  const facts = [
    document.source,
    document.sample ? "" : document.edition || document.year,
    sayCount(document.passages, "passage"),
    saySize(document.size_bytes),
  ];
  return (
    <span className="document-what">
      <To href={`/library/${document.id}`} className="document-title">
        {document.title}
      </To>
      <span className="quiet">{facts.filter(Boolean).join(" · ")}</span>
      {(document.sample || document.superseded_by) && (
        <span className="pills">
          {document.superseded_by && (
            <span className="pill pill-warning">
              <Icon name="warning" size={14} /> superseded
            </span>
          )}
          {document.sample && <span className="pill">sample, not for clinical use</span>}
        </span>
      )}
    </span>
  );
}

function Found({ query }: { query: string }) {
  const { value, fault, loading, reload } = useLoad(query, async (signal) => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    return body(api.GET("/api/library/search", { signal, params: { query: { q: query, limit: 10 } } }));
  });
  if (fault) return <FaultMessage fault={fault} onRetry={reload} />;
  if (!value) return loading ? <Waiting what="Searching…" /> : null;
  return (
    <section aria-label="Found" className="found">
      <p className="quiet" role="status">
        {value.found.length === 0
          ? "Nothing in the library matches. Try other words."
          : value.weak
            ? "Nothing answers this well; these come nearest."
            : sayCount(value.found.length, "passage")}
      </p>
      <ul className="cards">
        {value.found.map((found) => (
          <li key={found.passage_id} className="card found-line">
            <To href={`/library/${found.document_id}#passage-${found.passage_id}`} className="document-title">
              {found.title}
            </To>
            <span className="quiet">
              {[headingsBelow(found.title, found.section), found.page == null ? "" : `page ${found.page}`]
                .filter(Boolean)
                .join(", ")}
            </span>
            <p className="found-text">{found.text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Remove({ document, onRemoved }: { document: LibraryDocument; onRemoved: () => void }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const remove = () => {
    setBusy(true);
    api
      .DELETE("/api/library/documents/{document_id}", { params: { path: { document_id: document.id } } })
      .then(() => {
        setAsking(false);
        onRemoved();
      })
      .catch((thrown: unknown) => setFault(asFault(thrown)))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Button className="button button-bare" aria-label={`Remove ${document.title}`} onPress={() => setAsking(true)}>
        <Icon name="trash" />
      </Button>
      {asking && (
        <Ask title="Remove this document?" onClose={() => setAsking(false)}>
          <p>
            <strong>{document.title}</strong> will no longer be searched or cited. What was said from it stays readable
            in History.
          </p>
          {fault && <FaultMessage fault={fault} />}
          <div className="row row-end">
            <Button className="button button-quiet" onPress={() => setAsking(false)}>
              Keep it
            </Button>
            <Button className="button button-end" isPending={busy} onPress={remove}>
              {busy ? "Removing…" : "Remove"}
            </Button>
          </div>
        </Ask>
      )}
    </>
  );
}
