import { type SyntheticEvent, useState } from "react";
import { Button } from "react-aria-components";
import { session } from "../api/client";
import { type Fault, asFault } from "../api/fault";
import type { Person } from "../api/types";
import { Ask } from "../parts/Ask";
import { Field } from "../parts/Field";
import { FaultMessage } from "../parts/Message";

export function SignInPage() {
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <img src="/icon.svg" alt="" width="56" height="56" />
        <h1>Voice Server</h1>
        <p className="lead">Ask the hospital’s library aloud and hear an answer with its source.</p>
        <SignInForm />
      </div>
    </main>
  );
}

/** The session ended while the page was in use: it stays as it is beneath. */
export function SignInAgain({ person }: { person: Person }) {
  return (
    <Ask title="Please sign in again">
      <p>Your session has ended. What you typed is kept.</p>
      <SignInForm email={person.email} />
      <Button className="button button-quiet" onPress={() => void session.signOut()}>
        Sign in as someone else
      </Button>
    </Ask>
  );
}

function SignInForm({ email: known = "" }: { email?: string }) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    session
      .signIn(email.trim(), password)
      .catch((thrown: unknown) => setFault(asFault(thrown)))
      .finally(() => setBusy(false));
  };
  return (
    <form className="form" onSubmit={submit}>
      <Field
        label="Email"
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        isRequired
        isReadOnly={known !== ""}
      />
      <Field
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        isRequired
      />
      {fault && <FaultMessage fault={fault} />}
      <Button
        type="submit"
        className="button button-primary"
        isPending={busy}
        isDisabled={email.trim() === "" || password === ""}
      >
        {busy ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}
