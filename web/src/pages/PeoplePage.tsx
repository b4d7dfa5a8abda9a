import { type SyntheticEvent, useState } from "react";
import { Button } from "react-aria-components";
import { api, body } from "../api/client";
import { type Fault, asFault } from "../api/fault";
import type { Person, PersonRow, Role } from "../api/types";
import { useLoad } from "../load";
import { Ask } from "../parts/Ask";
import { Choice } from "../parts/Choice";
import { Field } from "../parts/Field";
import { Icon } from "../parts/Icon";
import { FaultMessage, Message, Waiting } from "../parts/Message";
import { OneTimePassword, oneTimePassword } from "../parts/OneTimePassword";
import { ROLES, sayDate } from "../parts/say";

const ROLE_OPTIONS: { id: Role; label: string }[] = [
  { id: "clinician", label: "Clinician: talks, sees their own history" },
  { id: "reviewer", label: "Reviewer: also reads everyone’s history" },
  { id: "admin", label: "Admin: also manages people and library" },
];

/** Who may use the server. */
export function PeoplePage({ self }: { self: Person }) {
  const { value, fault, loading, reload } = useLoad("people", async (signal) =>
    body(api.GET("/api/people", { signal })),
  );
  const [adding, setAdding] = useState(false);
  return (
    <div className="page">
      <div className="page-head">
        <h1>People</h1>
        <Button className="button button-primary" onPress={() => setAdding(true)}>
          <Icon name="person" /> Add a person
        </Button>
      </div>
      {fault && <FaultMessage fault={fault} onRetry={reload} />}
      {loading && !value && <Waiting what="Fetching the list…" />}
      <ul className="cards">
        {value?.people.map((person) => (
          <li key={person.id} className="card person-line">
            <PersonLine person={person} self={person.id === self.id} onChanged={reload} />
          </li>
        ))}
      </ul>
      {adding && <AddPerson onClose={() => setAdding(false)} onAdded={reload} />}
    </div>
  );
}

function PersonLine({ person, self, onChanged }: { person: PersonRow; self: boolean; onChanged: () => void }) {
  const [fault, setFault] = useState<Fault | null>(null);
  const [asking, setAsking] = useState<"disable" | "password" | null>(null);
  const change = (parts: { role?: Role; disabled?: boolean }) => {
    setFault(null);
    return api
      .PATCH("/api/people/{person_id}", { params: { path: { person_id: person.id } }, body: parts })
      .then(onChanged)
      .catch((thrown: unknown) => setFault(asFault(thrown)))
      .finally(() => setAsking(null));
  };
  return (
    <>
      <span className="person-what">
        <strong>
          {person.name}
          {self && " (you)"}
        </strong>
        <span className="quiet">
          {person.email} · since {sayDate(person.created_at)}
        </span>
        {person.disabled && (
          <span className="pill pill-warning">
            <Icon name="close" size={14} /> disabled
          </span>
        )}
      </span>
      <span className="person-acts">
        {self ? (
          <span className="pill">{ROLES[person.role]}</span>
        ) : (
          <>
            <Choice
              label={`Role of ${person.name}`}
              hideLabel
              options={ROLE_OPTIONS.map(({ id }) => ({ id, label: ROLES[id] }))}
              value={person.role}
              onChange={(role) => void change({ role })}
            />
            <Button
              className="button button-quiet"
              aria-label={`New password for ${person.name}`}
              onPress={() => setAsking("password")}
            >
              New password
            </Button>
            <Button
              className="button button-quiet"
              aria-label={`${person.disabled ? "Enable" : "Disable"} ${person.name}`}
              onPress={() => (person.disabled ? void change({ disabled: false }) : setAsking("disable"))}
            >
              {person.disabled ? "Enable" : "Disable"}
            </Button>
          </>
        )}
      </span>
      {fault && <FaultMessage fault={fault} onDismiss={() => setFault(null)} />}
      {asking === "disable" && (
        <Ask title={`Disable ${person.name}?`} onClose={() => setAsking(null)}>
          <p>They are signed out and cannot sign in again until enabled. Their conversations stay in History.</p>
          <div className="row row-end">
            <Button className="button button-quiet" onPress={() => setAsking(null)}>
              Cancel
            </Button>
            <Button className="button button-end" onPress={() => void change({ disabled: true })}>
              Disable
            </Button>
          </div>
        </Ask>
      )}
      {asking === "password" && <NewPassword person={person} onClose={() => setAsking(null)} />}
    </>
  );
}

function AddPerson({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("clinician");
  const [password] = useState(oneTimePassword);
  const [fault, setFault] = useState<Fault | null>(null);
  const [done, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    api
      .POST("/api/people", { body: { name: name.trim(), email: email.trim(), role, password } })
      .then(() => {
        setDone(true);
        onAdded();
      })
      .catch((thrown: unknown) => setFault(asFault(thrown)))
      .finally(() => setBusy(false));
  };
  if (done) {
    return (
      <Ask title={`${name} can sign in`} onClose={onClose}>
        <OneTimePassword password={password} email={email.trim()} />
        <div className="row row-end">
          <Button className="button button-primary" onPress={onClose}>
            Done
          </Button>
        </div>
      </Ask>
    );
  }
  const fieldFault = (field: string) =>
    fault?.field === field ? { error: `${fault.sentence} ${fault.remedy}`.trim() } : {};
  return (
    <Ask title="Add a person" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Field label="Name" autoComplete="off" value={name} onChange={setName} isRequired {...fieldFault("name")} />
        <Field
          label="Email"
          type="email"
          autoComplete="off"
          value={email}
          onChange={setEmail}
          isRequired
          {...fieldFault("email")}
        />
        <Choice label="Role" options={ROLE_OPTIONS} value={role} onChange={setRole} />
        {fault && fault.field !== "name" && fault.field !== "email" && <FaultMessage fault={fault} />}
        <div className="row row-end">
          <Button className="button button-quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            className="button button-primary"
            isPending={busy}
            isDisabled={name.trim() === "" || email.trim() === ""}
          >
            {busy ? "Adding…" : "Add"}
          </Button>
        </div>
      </form>
    </Ask>
  );
}

function NewPassword({ person, onClose }: { person: PersonRow; onClose: () => void }) {
  const [password] = useState(oneTimePassword);
  const [fault, setFault] = useState<Fault | null>(null);
  const [done, setDone] = useState(false);
  const set = () => {
    api
      .PATCH("/api/people/{person_id}", { params: { path: { person_id: person.id } }, body: { password } })
      .then(() => setDone(true))
      .catch((thrown: unknown) => setFault(asFault(thrown)));
  };
  return (
    <Ask title={`New password for ${person.name}`} onClose={onClose}>
      {done ? (
        <OneTimePassword password={password} email={person.email} />
      ) : (
        <Message tone="info" live={false}>
          Their present password stops working. They choose their own after signing in with the new one.
        </Message>
      )}
      {fault && <FaultMessage fault={fault} />}
      <div className="row row-end">
        <Button className="button button-quiet" onPress={onClose}>
          {done ? "Done" : "Cancel"}
        </Button>
        {!done && (
          <Button className="button button-primary" onPress={set}>
            Set a one-time password
          </Button>
        )}
      </div>
    </Ask>
  );
}
