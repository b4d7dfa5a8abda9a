import { Button } from "react-aria-components";
import type { ServerStatus } from "../../api/types";
import { hasMediaDevices, insecure } from "../../call/microphone";
import { useCall } from "../../call/useCall";
import { Icon } from "../../parts/Icon";
import { FaultMessage, Message } from "../../parts/Message";
import { sayCount } from "../../parts/say";
import { To } from "../../route";
import { EngineNotice } from "./EngineNotice";
import { MicrophoneChoice } from "./MicrophoneChoice";

/** Notices of the server that this page words itself, with a way on. */
const SAID_HERE = ["library.empty", "hearing.basic"];

/** Before the first question: one button to press, and what one should know. */
export function StartPanel({ status, admin }: { status: ServerStatus | null; admin: boolean }) {
  const { call, view } = useCall();
  const empty = status !== null && status.library.documents === 0;
  return (
    <div className="start">
      <div className="start-in">
        <p className="start-title">What do you need to know?</p>
        <p className="lead">Ask aloud. The answer is spoken from your library, and each claim shows its source.</p>
        <Button className="talk-button" onPress={() => void call.talk()}>
          <span className="talk-button-icon">
            <Icon name="mic" size={44} />
          </span>
          <span>Talk</span>
        </Button>
        {hasMediaDevices() && <MicrophoneChoice />}
        {!hasMediaDevices() && view.fault === null && <FaultMessage fault={insecure()} />}
        {empty && !status.library.indexing && (
          <Message
            tone="warning"
            action={
              admin && (
                <To href="/library" className="button button-quiet">
                  Add documents
                </To>
              )
            }
          >
            <strong>The library is empty,</strong> so there is nothing to answer from yet.{" "}
            {!admin && "Ask an administrator to add documents."}
          </Message>
        )}
        {status?.notices
          .filter((notice) => !SAID_HERE.includes(notice.code))
          .map((notice) => (
            <Message key={notice.code} tone="warning">
              {notice.text}
            </Message>
          ))}
        {status !== null && !empty && (
          <p className="quiet">
            {sayCount(status.library.documents, "document")} in the library
            {status.library.indexing && "; more are being added"}
          </p>
        )}
        <EngineNotice status={status} />
      </div>
    </div>
  );
}
