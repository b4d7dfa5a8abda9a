import { useState } from "react";
import { Button } from "react-aria-components";
import { api, body } from "../api/client";
import { type Fault, asFault } from "../api/fault";
import type { AuditCheck, AuditPage as Page, AuditRow } from "../api/types";
import { useLoad } from "../load";
import { Icon } from "../parts/Icon";
import { Empty, FaultMessage, Message, Waiting } from "../parts/Message";
import { To } from "../route";
import { sayAction, sayCount, sayMoment } from "../parts/say";

/** Who did what, when, and whether the record is whole. */
export function AuditPage() {
  const [earlier, setEarlier] = useState<{ pages: Page[]; cursor: string | null }>({ pages: [], cursor: null });
  const { value, fault, loading, reload } = useLoad(`audit@${earlier.cursor ?? ""}`, async (signal) => {
    const cursor = earlier.cursor === null ? {} : { cursor: earlier.cursor };
    return body(api.GET("/api/audit", { signal, params: { query: { ...cursor, limit: 50 } as never } }));
  });
  const people = useLoad("people", async (signal) => body(api.GET("/api/people", { signal })));
  const names = new Map(people.value?.people.map((person) => [person.id, person.name]));
  const pages = value ? [...earlier.pages, value] : earlier.pages;
  const events = pages.flatMap((page) => page.events);
  const next = value?.next ?? null;
  return (
    <div className="page">
      <div className="page-head">
        <h1>Audit</h1>
        <Verify />
      </div>
      {fault && <FaultMessage fault={fault} onRetry={reload} />}
      {loading && events.length === 0 && <Waiting what="Fetching the record…" />}
      {!loading && !fault && events.length === 0 && <Empty icon="shield" title="Nothing has been recorded yet" />}
      {events.length > 0 && (
        <ol className="cards audit" aria-label="Events, newest first">
          {events.map((event) => (
            <li key={event.id} className="card audit-line">
              <EventLine event={event} names={names} />
            </li>
          ))}
        </ol>
      )}
      {next !== null && (
        <Button className="button" isPending={loading} onPress={() => setEarlier({ pages, cursor: next })}>
          {loading ? "Fetching…" : "Show earlier ones"}
        </Button>
      )}
    </div>
  );
}

/** `call:…` and `document:…` open what they name; `person:…` is said by name. */
function Subject({ subject, names }: { subject: string; names: Map<string, string> }) {
  const [kind = "", id = ""] = subject.split(":", 2);
  if (kind === "call" && id !== "") return <To href={`/history/${id}`}>Read the conversation</To>;
  if (kind === "document" && id !== "") return <To href={`/library/${id}`}>Open the document</To>;
  return names.get(id) ?? subject;
}

function EventLine({ event, names }: { event: AuditRow; names: Map<string, string> }) {
  const detail = Object.entries(event.detail);
  return (
    <>
      <span className="audit-what">
        <strong>{sayAction(event.action)}</strong>
        {event.subject && event.subject !== `person:${event.actor.id ?? ""}` && (
          <span className="audit-subject">
            <Subject subject={event.subject} names={names} />
          </span>
        )}
        {detail.length > 0 && (
          <span className="quiet">
            {detail.map(([name, value]) => `${name.replaceAll("_", " ")}: ${names.get(value) ?? value}`).join(" · ")}
          </span>
        )}
      </span>
      <span className="audit-who">
        {event.actor.name || "The server"}
        <span className="quiet">
          <time dateTime={event.at}>{sayMoment(event.at)}</time> · no. {event.id}
        </span>
      </span>
    </>
  );
}

function Verify() {
  const [result, setResult] = useState<AuditCheck | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const verify = () => {
    setBusy(true);
    setFault(null);
    setResult(null);
    body(api.GET("/api/audit/verify"))
      .then(setResult)
      .catch((thrown: unknown) => setFault(asFault(thrown)))
      .finally(() => setBusy(false));
  };
  return (
    <div className="verify">
      <Button className="button" isPending={busy} onPress={verify}>
        <Icon name="shield" /> {busy ? "Verifying…" : "Verify the record"}
      </Button>
      {fault && <FaultMessage fault={fault} />}
      {result?.valid === true && (
        <Message tone="good">All {sayCount(result.events, "event")} are as they were written.</Message>
      )}
      {result?.valid === false && (
        <Message tone="error">
          <strong>The record has been altered</strong> at event no. {result.first_bad ?? "?"}. Keep a copy of the
          database and tell whoever is responsible for data protection.
        </Message>
      )}
    </div>
  );
}
