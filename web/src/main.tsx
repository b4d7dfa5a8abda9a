import "@fontsource-variable/atkinson-hyperlegible-next";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/talk.css";
import "./styles/pages.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-aria-components";
import { App } from "./App";
import { session } from "./api/client";
import { Call } from "./call/call";
import { CallContext } from "./call/useCall";
import { connectionsThrough } from "./call/resuming";
import { rehearsal, rehearsalAsked } from "./call/rehearsal";
import { overHttp } from "./call/signalling";
import { navigate } from "./route";

const call = rehearsalAsked() ? new Call(rehearsal) : new Call(connectionsThrough(overHttp));

void session.resume().catch(() => undefined);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <RouterProvider navigate={navigate}>
        <CallContext value={call}>
          <App />
        </CallContext>
      </RouterProvider>
    </StrictMode>,
  );
}
