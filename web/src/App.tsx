import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import { session } from "./api/client";
import type { Person } from "./api/types";
import { Shell } from "./Shell";
import { AuditPage } from "./pages/AuditPage";
import { CallPage } from "./pages/CallPage";
import { ChangePassword } from "./pages/ChangePassword";
import { DocumentPage } from "./pages/DocumentPage";
import { HistoryPage } from "./pages/HistoryPage";
import { LibraryPage } from "./pages/LibraryPage";
import { PeoplePage } from "./pages/PeoplePage";
import { SignInAgain, SignInPage } from "./pages/SignIn";
import { Starting } from "./pages/Starting";
import { TalkPage } from "./pages/talk/TalkPage";
import { To, idUnder, usePlace } from "./route";

/** Which page is shown: to whom, by the session; which one, by the path. */
export function App() {
  const state = useSyncExternalStore(session.subscribe, () => session.state);
  const { path } = usePlace();
  if (state.at === "unknown") return <Starting />;
  if (state.person === null) return <SignInPage />;
  if (state.mustChangePassword) return <ChangePassword person={state.person} forced />;
  return (
    <Shell person={state.person}>
      <Page path={path} person={state.person} />
      {state.at === "expired" && <SignInAgain person={state.person} />}
    </Shell>
  );
}

function Page({ path, person }: { path: string; person: Person }) {
  const call = idUnder("history", path);
  const document = idUnder("library", path);
  if (path === "/")
    return (
      <Titled title="Talk" key="talk">
        <TalkPage admin={person.role === "admin"} />
      </Titled>
    );
  if (path === "/history")
    return (
      <Titled title="History">
        <HistoryPage person={person} />
      </Titled>
    );
  if (call !== null)
    return (
      <Titled title="Conversation">
        <CallPage id={call} key={call} />
      </Titled>
    );
  if (path === "/library")
    return (
      <Titled title="Library">
        <LibraryPage admin={person.role === "admin"} />
      </Titled>
    );
  if (document !== null)
    return (
      <Titled title="Document">
        <DocumentPage id={document} key={document} admin={person.role === "admin"} />
      </Titled>
    );
  if (path === "/people" && person.role === "admin")
    return (
      <Titled title="People">
        <PeoplePage self={person} />
      </Titled>
    );
  if (path === "/audit" && person.role === "admin")
    return (
      <Titled title="Audit">
        <AuditPage />
      </Titled>
    );
  if (path === "/password")
    return (
      <Titled title="Password">
        <ChangePassword person={person} />
      </Titled>
    );
  return (
    <Titled title="Not found">
      <div className="page">
        <h1>There is no such page</h1>
        <p>The address may be mistyped, or the page is not open to you.</p>
        <p>
          <To href="/" className="button">
            Go to Talk
          </To>
        </p>
      </div>
    </Titled>
  );
}

function Titled({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Voice Server`;
  }, [title]);
  return children;
}
