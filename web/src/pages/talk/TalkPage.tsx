import { type ReactNode, memo, useEffect, useRef } from "react";
import { body, api } from "../../api/client";
import type { Exchange } from "../../call/conversation";
import { useCall } from "../../call/useCall";
import { useLoad } from "../../load";
import { ExchangeView } from "../../parts/ExchangeView";
import { To } from "../../route";
import { Announcer } from "./Announcer";
import { Dock } from "./Dock";
import { EngineNotice } from "./EngineNotice";
import { Notices } from "./Notices";
import { StartPanel } from "./StartPanel";
import { shown } from "./shown";

/** The conversation: questions, answers as they are heard, and their sources. */
export function TalkPage({ admin }: { admin: boolean }) {
  const { call, view } = useCall();
  const status = useLoad("status", async (signal) => body(api.GET("/api/status", { signal })));
  const { exchanges, hearing, callId } = view.conversation;
  const began = view.phase !== "idle" || exchanges.length > 0;

  useEffect(() => {
    const refresh = () => void call.refreshMicrophones();
    refresh();
    const devices = "mediaDevices" in navigator ? navigator.mediaDevices : null;
    devices?.addEventListener("devicechange", refresh);
    return () => devices?.removeEventListener("devicechange", refresh);
  }, [call]);

  return (
    <div className="talk">
      <h1 className="visually-hidden">Talk</h1>
      <Announcer view={view} />
      {began ? (
        <Scroll of={view.conversation}>
          <EngineNotice status={status.value} />
          {exchanges.length === 0 && hearing === "" && (
            <p className="hint">
              {view.phase === "connecting"
                ? "One moment, the line is being opened. If your browser asks for the microphone, allow it."
                : "Ask your question. You can interrupt the answer at any time."}
            </p>
          )}
          {exchanges.map((exchange) => (
            <LiveExchange key={exchange.key} exchange={exchange} />
          ))}
          {hearing !== "" && (
            <article className="exchange">
              <div className="exchange-words said-by-you">
                <p className="who">You, so far</p>
                <p className="question hearing">{hearing}</p>
              </div>
            </article>
          )}
          {view.phase === "idle" && callId !== "" && (
            <p className="hint">
              This conversation has ended. <To href={`/history/${callId}`}>Read it in History</To>
            </p>
          )}
        </Scroll>
      ) : (
        <StartPanel status={status.value} admin={admin} />
      )}
      <div className="talk-foot">
        <Notices view={view} />
        <Dock began={began} />
      </div>
    </div>
  );
}

/** Drawn again only when it has changed itself. */
const LiveExchange = memo(function LiveExchange({ exchange }: { exchange: Exchange }) {
  return <ExchangeView exchange={shown(exchange)} />;
});

/** Follows what is new, unless the reader has scrolled back. */
function Scroll({ of, children }: { of: unknown; children: ReactNode }) {
  const box = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTo({ top: newest(box.current) });
  }, [of]);
  return (
    <section
      className="conversation"
      aria-label="Conversation"
      // A region that scrolls must be reachable by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      ref={box}
      onScroll={({ currentTarget: el }) => {
        atEnd.current = el.scrollTop > newest(el) - 80;
      }}
    >
      <div className="conversation-in">{children}</div>
    </section>
  );
}

/** Where to scroll so that the newest words are seen; sources below them may wait. */
function newest(box: HTMLElement): number {
  const end = box.scrollHeight - box.clientHeight;
  const last = [...box.querySelectorAll<HTMLElement>(".exchange")].at(-1);
  const words = last?.querySelector<HTMLElement>(".exchange-words");
  if (!last || !words) return end;
  const offset = box.scrollTop - box.getBoundingClientRect().top;
  const top = last.getBoundingClientRect().top + offset - 12;
  const wordsEnd = words.getBoundingClientRect().bottom + offset + 24 - box.clientHeight;
  return Math.min(end, Math.max(top, wordsEnd));
}
