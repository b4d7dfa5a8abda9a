import { useState } from "react";
import { Button } from "react-aria-components";
import { api, body } from "../api/client";
import type { CallList, CallRow, Person } from "../api/types";
import { useLoad } from "../load";
import { Choice } from "../parts/Choice";
import { Field } from "../parts/Field";
import { Icon } from "../parts/Icon";
import { Empty, FaultMessage, Waiting } from "../parts/Message";
import { sayClock, sayCount, sayDay, sayLength } from "../parts/say";
import { To } from "../route";

const EVERYONE = "everyone";

/** Conversations by date: one's own, and for reviewers and admins everyone's. */
export function HistoryPage({ person }: { person: Person }) {
  const everyones = person.role !== "clinician";
  const [who, setWho] = useState(EVERYONE);
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const filtered = who !== EVERYONE || since !== "" || until !== "";
  const [met, setMet] = useState<Record<string, string>>({ [person.id]: person.name });

  const filters = {
    ...(who === EVERYONE ? {} : { person: who }),
    ...(since === "" ? {} : { since: dayStart(since, 0) }),
    ...(until === "" ? {} : { until: dayStart(until, 1) }),
  };
  const { pages, fault, loading, more, reload } = usePages(filters, (list) =>
    setMet((was) => ({ ...was, ...Object.fromEntries(list.calls.map((c) => [c.person.id, c.person.name])) })),
  );
  const calls = pages.flatMap((page) => page.calls);

  return (
    <div className="page">
      <h1>History</h1>
      <div className="filters" role="group" aria-label="Filter">
        {everyones && (
          <Choice
            label="Person"
            options={[
              { id: EVERYONE, label: "Everyone" },
              ...Object.entries(met).map(([id, label]) => ({ id, label })),
            ]}
            value={who}
            onChange={setWho}
          />
        )}
        <Field label="From" type="date" value={since} onChange={setSince} />
        <Field label="To" type="date" value={until} onChange={setUntil} />
        {filtered && (
          <Button
            className="button button-quiet"
            onPress={() => {
              setWho(EVERYONE);
              setSince("");
              setUntil("");
            }}
          >
            Clear
          </Button>
        )}
      </div>
      {fault && <FaultMessage fault={fault} onRetry={reload} />}
      {calls.length === 0 && loading && <Waiting what="Fetching conversations…" />}
      {calls.length === 0 && !loading && !fault && (
        <Empty icon="clock" title={filtered ? "No conversation matches" : "No conversation yet"}>
          {filtered ? (
            <p>Change the filter to see others.</p>
          ) : (
            <To href="/" className="button button-primary">
              Ask your first question
            </To>
          )}
        </Empty>
      )}
      {byDay(calls).map(([day, ofDay]) => (
        <section key={day} className="day">
          <h2 className="day-title">{day}</h2>
          <ul className="cards">
            {ofDay.map((call) => (
              <li key={call.id}>
                <CallLine call={call} named={everyones} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {more && (
        <Button className="button" onPress={more} isPending={loading}>
          {loading ? "Fetching…" : "Show earlier ones"}
        </Button>
      )}
    </div>
  );
}

function CallLine({ call, named }: { call: CallRow; named: boolean }) {
  return (
    <To href={`/history/${call.id}`} className="card call-line">
      <span className="call-time">{sayClock(call.started_at)}</span>
      <span className="call-what">
        {named && <strong>{call.person.name}</strong>}
        <span className="quiet">
          {sayCount(call.turns, "turn")} · {sayLength(call.started_at, call.ended_at)}
        </span>
      </span>
      <Icon name="next" />
    </To>
  );
}

/** Pages of calls, fetched one after the other; other filters begin anew. */
function usePages(filters: { person?: string; since?: string; until?: string }, onPage: (list: CallList) => void) {
  const key = JSON.stringify(filters);
  const [earlier, setEarlier] = useState<{ key: string; pages: CallList[]; cursor: string | null }>({
    key,
    pages: [],
    cursor: null,
  });
  const before = earlier.key === key ? earlier : { key, pages: [], cursor: null };
  const { value, fault, loading, reload } = useLoad(`${key}@${before.cursor ?? ""}`, async (signal) => {
    const cursor = before.cursor === null ? {} : { cursor: before.cursor };
    const list = await body(api.GET("/api/calls", { signal, params: { query: { ...filters, ...cursor, limit: 30 } } }));
    onPage(list);
    return list;
  });
  const pages = value ? [...before.pages, value] : before.pages;
  const next = value?.next ?? null;
  const more = next === null ? null : () => setEarlier({ key, pages, cursor: next });
  return { pages, fault, loading, more: more ?? (loading && pages.length > 0 ? () => undefined : null), reload };
}

function byDay(calls: CallRow[]): [string, CallRow[]][] {
  const days = new Map<string, CallRow[]>();
  for (const call of calls) {
    const day = sayDay(call.started_at);
    days.set(day, [...(days.get(day) ?? []), call]);
  }
  return [...days];
}

/** Midnight of a day on this device's clock, `plus` days later, as UTC. */
function dayStart(day: string, plus: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + plus).toISOString();
}
