import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import type { Fault } from "../api/fault";
import { Icon, type IconName } from "./Icon";

/** A sentence the person should see. The icon and the words carry the tone; colour repeats it. */
export function Message({
  tone,
  icon,
  children,
  action,
  onDismiss,
  live = true,
}: {
  tone: "info" | "warning" | "error" | "good";
  icon?: IconName;
  children: ReactNode;
  action?: ReactNode;
  onDismiss?: () => void;
  /** Read it out when it appears. */
  live?: boolean;
}) {
  const role = tone === "error" ? "alert" : "status";
  return (
    <div className={`message message-${tone}`} {...(live ? { role } : {})}>
      <Icon name={icon ?? ({ info: "info", warning: "warning", error: "warning", good: "check" }[tone] as IconName)} />
      <div className="message-text">{children}</div>
      {action}
      {onDismiss && (
        <Button className="button button-bare" aria-label="Dismiss" onPress={onDismiss}>
          <Icon name="close" size={18} />
        </Button>
      )}
    </div>
  );
}

/** What happened and what to do next. */
export function FaultMessage({
  fault,
  onRetry,
  retryLabel = "Try again",
  onDismiss,
}: {
  fault: Fault;
  onRetry?: () => void;
  retryLabel?: string;
  onDismiss?: () => void;
}) {
  return (
    <Message
      tone="error"
      {...(onDismiss ? { onDismiss } : {})}
      action={
        onRetry && (
          <Button className="button button-quiet" onPress={onRetry}>
            {retryLabel}
          </Button>
        )
      }
    >
      <strong>{fault.sentence}</strong> {fault.remedy}
    </Message>
  );
}

/** An empty place, with what to do about it. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} size={28} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Waiting({ what }: { what: string }) {
  return (
    <p className="waiting" role="status">
      <span className="spinner" aria-hidden="true" /> {what}
    </p>
  );
}
