import { type SyntheticEvent, useState } from "react";
import { Button } from "react-aria-components";
import { api, session } from "../api/client";
import { type Fault, asFault } from "../api/fault";
import type { Person } from "../api/types";
import { Field } from "../parts/Field";
import { FaultMessage, Message } from "../parts/Message";
import { navigate } from "../route";

/** A new password; `forced` after signing in with a one-time password, when nothing else is open. */
export function ChangePassword({ person, forced = false }: { person: Person; forced?: boolean }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const differs = again !== "" && again !== next;

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    api
      .POST("/api/session/password", { body: { current, new: next } })
      .then(() => {
        session.passwordChanged();
        setDone(true);
        if (forced) navigate("/");
      })
      .catch((thrown: unknown) => setFault(asFault(thrown)))
      .finally(() => setBusy(false));
  };

  const fieldFault = (name: string) =>
    fault?.field === name ? { error: `${fault.sentence} ${fault.remedy}`.trim() } : {};
  const form = (
    <form className="form" onSubmit={submit}>
      <input type="hidden" name="username" autoComplete="username" value={person.email} readOnly />
      <Field
        label={forced ? "One-time password" : "Current password"}
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
        isRequired
        {...fieldFault("current")}
      />
      <Field
        label="New password"
        type="password"
        autoComplete="new-password"
        hint="At least 12 characters. A few unrelated words are easy to remember and hard to guess."
        value={next}
        onChange={setNext}
        isRequired
        {...fieldFault("new")}
      />
      <Field
        label="New password again"
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={setAgain}
        isRequired
        {...(differs ? { error: "The two do not match yet." } : {})}
      />
      {fault && fault.field !== "current" && fault.field !== "new" && <FaultMessage fault={fault} />}
      <div className="row">
        <Button
          type="submit"
          className="button button-primary"
          isPending={busy}
          isDisabled={current === "" || next === "" || again !== next}
        >
          {busy ? "Saving…" : "Save new password"}
        </Button>
        {forced && (
          <Button className="button button-quiet" onPress={() => void session.signOut()}>
            Sign out
          </Button>
        )}
      </div>
    </form>
  );

  if (!forced) {
    return (
      <div className="page page-narrow">
        <h1>Change your password</h1>
        {done ? <Message tone="good">Your new password is in use.</Message> : form}
      </div>
    );
  }
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <img src="/icon.svg" alt="" width="56" height="56" />
        <h1>Choose your password</h1>
        <p className="lead">Welcome, {person.name}. Your one-time password ends here; choose one that only you know.</p>
        {form}
      </div>
    </main>
  );
}
