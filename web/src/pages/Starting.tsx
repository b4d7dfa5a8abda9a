import { useEffect, useState } from "react";
import { session } from "../api/client";
import { type Fault, asFault } from "../api/fault";
import { FaultMessage, Waiting } from "../parts/Message";

/** Shown until it is known who is here; keeps asking while the server does not answer. */
export function Starting() {
  const [fault, setFault] = useState<Fault | null>(null);
  useEffect(() => {
    const ask = () => void session.resume().catch((thrown: unknown) => setFault(asFault(thrown)));
    const timer = setInterval(ask, 3000);
    return () => clearInterval(timer);
  }, []);
  return (
    <main className="sign-in">
      <h1 className="visually-hidden">Voice Server</h1>
      {fault ? (
        <FaultMessage fault={fault} onRetry={() => void session.resume().catch(() => undefined)} />
      ) : (
        <Waiting what="One moment…" />
      )}
    </main>
  );
}
