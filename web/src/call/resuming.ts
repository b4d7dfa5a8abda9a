import { Fault } from "../api/fault";
import { PeerLink } from "./connection";
import { type ServerEvent, disconnectBot } from "./messages";
import { Patience } from "./patience";
import type { Signalling } from "./signalling";

/**
 * - `connecting`: the first attempt
 * - `connected`: words and sound travel
 * - `reconnecting`: the network went away; the same conversation is being taken up again
 * - `closed`: over, with the fault when it was not this side that ended it
 */
export type Phase = "connecting" | "connected" | "reconnecting" | "closed";

export interface ConnectionEvents {
  onPhase(phase: Phase, fault: Fault | null): void;
  onEvent(event: ServerEvent): void;
  /** The server's voice, each time a peer connection brings it. */
  onSound(stream: MediaStream): void;
}

/** One conversation's link with the server; it survives the peer connections it is made of. */
export interface Connection {
  /** Send a message now. False when nothing can be sent at the moment. */
  send(message: string): boolean;
  /** The track to send, or null to send nothing. */
  useMicrophone(track: MediaStreamTrack | null): void;
  close(): void;
}

export type OpenConnection = (microphone: MediaStreamTrack | null, events: ConnectionEvents) => Connection;

/** Connections that are made of one peer connection after another. */
export function connectionsThrough(signalling: Signalling): OpenConnection {
  return (microphone, events) => new ResumingConnection(signalling, microphone, events);
}

class ResumingConnection implements Connection {
  readonly #signalling: Signalling;
  readonly #events: ConnectionEvents;
  readonly #patience = new Patience();
  #microphone: MediaStreamTrack | null;
  #link: PeerLink | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pcId = "";
  #resumeToken = "";
  #seen = 0;
  #phase: Phase = "connecting";

  constructor(signalling: Signalling, microphone: MediaStreamTrack | null, events: ConnectionEvents) {
    this.#signalling = signalling;
    this.#microphone = microphone;
    this.#events = events;
    globalThis.addEventListener("online", this.#networkIsBack);
    globalThis.addEventListener("pagehide", this.#pageGoes);
    this.#begin();
  }

  send(message: string): boolean {
    return this.#link?.send(message) ?? false;
  }

  useMicrophone(track: MediaStreamTrack | null): void {
    this.#microphone = track;
    this.#link?.useMicrophone(track);
  }

  close(): void {
    if (this.#phase === "closed") return;
    const told = this.send(disconnectBot());
    this.#end(null, told);
  }

  #begin(): void {
    clearTimeout(this.#retry);
    this.#link?.close();
    this.#link = new PeerLink({
      signalling: this.#signalling,
      microphone: this.#microphone,
      pcId: this.#pcId,
      resumeToken: this.#resumeToken,
      seen: this.#seen,
      onPcId: (pcId) => {
        this.#pcId = pcId;
      },
      onOpen: () => {
        this.#patience.restored();
        this.#become("connected");
      },
      onNumber: (seq) => {
        this.#seen = seq;
      },
      onEvent: (event) => this.#received(event),
      onSound: (stream) => this.#events.onSound(stream),
      onLost: (fault) => this.#lost(fault),
      onHungUp: () =>
        this.#end(
          new Fault("call.hung_up", "The server ended the conversation.", { remedy: "Press Talk to start again." }),
          true,
        ),
    });
  }

  #received(event: ServerEvent): void {
    if (event.kind === "call" && event.resumeToken !== "") this.#resumeToken = event.resumeToken;
    this.#events.onEvent(event);
    if (event.kind === "fatal" && event.fatal) {
      this.#end(
        new Fault("call.fatal", event.text || "The server had to end the conversation.", {
          remedy: "Press Talk to start again.",
        }),
      );
    }
  }

  /** A first attempt that fails is told; a conversation that was under way is taken up again. */
  #lost(fault: Fault): void {
    if (this.#phase === "closed") return;
    if (this.#phase === "connecting") {
      this.#end(fault);
      return;
    }
    if (fault.status === 404 || fault.status === 409) this.#pcId = "";
    const wait = fault.status === 401 || fault.status === 403 ? null : this.#patience.next(performance.now());
    if (wait === null) {
      this.#end(
        new Fault("call.lost", "The connection was lost and could not be restored.", {
          remedy: "Check the network, then press Talk. What was said is kept in History.",
        }),
      );
      return;
    }
    this.#link?.close();
    this.#link = null;
    this.#become("reconnecting");
    const retryAfter_ms = (fault.retryAfterS ?? 0) * 1000;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#begin(), Math.max(wait, retryAfter_ms));
  }

  #networkIsBack = (): void => {
    if (this.#phase === "reconnecting" && this.#link === null) this.#begin();
  };

  #pageGoes = (event: PageTransitionEvent): void => {
    if (!event.persisted) this.close();
  };

  /** `known`: the server knows already that this conversation is over. */
  #end(fault: Fault | null, known = false): void {
    globalThis.removeEventListener("online", this.#networkIsBack);
    globalThis.removeEventListener("pagehide", this.#pageGoes);
    clearTimeout(this.#retry);
    this.#link?.close();
    this.#link = null;
    if (this.#pcId !== "" && !known) void this.#signalling.hangUp(this.#pcId).catch(() => undefined);
    this.#become("closed", fault);
  }

  #become(phase: Phase, fault: Fault | null = null): void {
    if (this.#phase === phase && phase !== "connecting") return;
    this.#phase = phase;
    this.#events.onPhase(phase, fault);
  }
}
