import { Fault, asFault } from "../api/fault";
import { type ServerEvent, clientReady, disconnectBot, playout, readMessage } from "./messages";
import { Liveness, Patience } from "./patience";
import { PlayoutMeter } from "./playout";
import type { Candidate, Signalling } from "./signalling";

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

export type OpenConnection = (
  microphone: MediaStreamTrack | null,
  events: ConnectionEvents,
) => Connection;

/** The one place that knows RTCPeerConnection. */
export function connectionsThrough(signalling: Signalling): OpenConnection {
  return (microphone, events) => new WebRtcConnection(signalling, microphone, events);
}

const CONNECT_DEADLINE_MS = 12_000;
/** Every second look is also a ping. */
const LOOK_MS = 500;

class WebRtcConnection implements Connection {
  readonly #signalling: Signalling;
  readonly #events: ConnectionEvents;
  readonly #patience = new Patience();
  #microphone: MediaStreamTrack | null;
  #attempt: Attempt | null = null;
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
    return this.#attempt?.send(message) ?? false;
  }

  useMicrophone(track: MediaStreamTrack | null): void {
    this.#microphone = track;
    this.#attempt?.useMicrophone(track);
  }

  close(): void {
    if (this.#phase === "closed") return;
    const told = this.send(disconnectBot());
    this.#end(null, told);
  }

  #begin(): void {
    clearTimeout(this.#retry);
    this.#attempt?.close();
    this.#attempt = new Attempt({
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
      onHungUp: () => this.#end(new Fault("call.hung_up", "The server ended the conversation.", { remedy: "Press Talk to start again." }), true),
    });
  }

  #received(event: ServerEvent): void {
    if (event.kind === "call" && event.resumeToken !== "") this.#resumeToken = event.resumeToken;
    this.#events.onEvent(event);
    if (event.kind === "fatal" && event.fatal) {
      this.#end(new Fault("call.fatal", event.text || "The server had to end the conversation.", { remedy: "Press Talk to start again." }));
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
      this.#end(new Fault("call.lost", "The connection was lost and could not be restored.", { remedy: "Check the network, then press Talk. What was said is kept in History." }));
      return;
    }
    this.#attempt?.close();
    this.#attempt = null;
    this.#become("reconnecting");
    const retryAfter_ms = (fault.retryAfterS ?? 0) * 1000;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#begin(), Math.max(wait, retryAfter_ms));
  }

  #networkIsBack = (): void => {
    if (this.#phase === "reconnecting" && this.#attempt === null) this.#begin();
  };

  #pageGoes = (event: PageTransitionEvent): void => {
    if (!event.persisted) this.close();
  };

  /** `known`: the server knows already that this conversation is over. */
  #end(fault: Fault | null, known = false): void {
    globalThis.removeEventListener("online", this.#networkIsBack);
    globalThis.removeEventListener("pagehide", this.#pageGoes);
    clearTimeout(this.#retry);
    this.#attempt?.close();
    this.#attempt = null;
    if (this.#pcId !== "" && !known) void this.#signalling.hangUp(this.#pcId).catch(() => undefined);
    this.#become("closed", fault);
  }

  #become(phase: Phase, fault: Fault | null = null): void {
    if (this.#phase === phase && phase !== "connecting") return;
    this.#phase = phase;
    this.#events.onPhase(phase, fault);
  }
}

interface AttemptOptions {
  signalling: Signalling;
  microphone: MediaStreamTrack | null;
  /** The peer connection this one replaces, or "". */
  pcId: string;
  resumeToken: string;
  /** The number of the last message received, for what was lost to be sent again. */
  seen: number;
  onPcId(pcId: string): void;
  onNumber(seq: number): void;
  onOpen(): void;
  onEvent(event: ServerEvent): void;
  onSound(stream: MediaStream): void;
  onLost(fault: Fault): void;
  onHungUp(): void;
}

/** One peer connection, from offer to loss. It reports at most one ending. */
class Attempt {
  readonly #options: AttemptOptions;
  readonly #liveness = new Liveness();
  readonly #meter = new PlayoutMeter();
  #pc: RTCPeerConnection | null = null;
  #channel: RTCDataChannel | null = null;
  #sender: RTCRtpSender | null = null;
  #waiting: Candidate[] = [];
  #pcId = "";
  #over = false;
  #looks = 0;
  #speaking = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(options: AttemptOptions) {
    this.#options = options;
    this.#deadline = setTimeout(() => this.#lose(unreachable()), CONNECT_DEADLINE_MS);
    this.#negotiate().catch((thrown: unknown) => this.#lose(asFault(thrown)));
  }

  send(message: string): boolean {
    if (this.#channel?.readyState !== "open") return false;
    this.#channel.send(message);
    return true;
  }

  useMicrophone(track: MediaStreamTrack | null): void {
    void this.#sender?.replaceTrack(track).catch(() => undefined);
  }

  close(): void {
    this.#over = true;
    clearTimeout(this.#deadline);
    clearInterval(this.#heartbeat);
    this.#channel?.close();
    this.#pc?.close();
  }

  async #negotiate(): Promise<void> {
    const { signalling, microphone, pcId, resumeToken, seen } = this.#options;
    const iceServers = await signalling.iceServers();
    if (this.#over) return;
    const pc = new RTCPeerConnection({ iceServers: iceServers.map(plainIceServer), bundlePolicy: "max-bundle" });
    this.#pc = pc;
    pc.ontrack = ({ track, streams }) => this.#options.onSound(streams[0] ?? new MediaStream([track]));
    pc.onicecandidate = ({ candidate }) => this.#offerPath(candidate);
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === "failed") this.#lose(unreachable());
    };
    this.#sender = pc.addTransceiver(microphone ?? "audio", { direction: "sendrecv" }).sender;
    this.#useChannel(pc.createDataChannel("chat", { ordered: true }), microphone !== null);
    await pc.setLocalDescription();
    const answer = await signalling.offer({ sdp: pc.localDescription?.sdp ?? "", pcId, resumeToken, seen });
    if (this.#isOver()) {
      void signalling.hangUp(answer.pcId).catch(() => undefined);
      return;
    }
    this.#pcId = answer.pcId;
    this.#options.onPcId(answer.pcId);
    await pc.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    this.#sendPaths();
  }

  #isOver(): boolean {
    return this.#over;
  }

  #useChannel(channel: RTCDataChannel, microphone: boolean): void {
    this.#channel = channel;
    channel.onopen = () => {
      clearTimeout(this.#deadline);
      this.send(clientReady(microphone));
      this.#heartbeat = setInterval(() => void this.#look(), LOOK_MS);
      this.#options.onOpen();
    };
    channel.onmessage = ({ data }) => {
      if (typeof data !== "string" || this.#over) return;
      const { seq, event } = readMessage(data);
      if (seq !== null) this.#options.onNumber(seq);
      if (event === null) return;
      if (event.kind === "left") {
        this.#finish(() => this.#options.onHungUp());
        return;
      }
      if (event.kind === "state") this.#speaking = event.state === "speaking";
      this.#options.onEvent(event);
    };
    channel.onclose = () => {
      if (this.#pc?.connectionState === "connected") this.#finish(() => this.#options.onHungUp());
      else this.#lose(unreachable());
    };
  }

  /** Whether anything arrives; once a second a ping, and the playout delay while the voice sounds. */
  async #look(): Promise<void> {
    this.#looks += 1;
    const onTheSecond = this.#looks % 2 === 0;
    if (onTheSecond) this.send("ping");
    const stats = await this.#pc?.getStats();
    if (!stats || this.#isOver()) return;
    const { packets, delays } = this.#meter.read(stats);
    if (this.#liveness.lost(packets, performance.now())) this.#lose(unreachable());
    else if (onTheSecond && this.#speaking && delays !== null) this.send(playout(delays));
  }

  /** Firefox ends its candidates with an empty one, Chromium with null; the server is told the same. */
  #offerPath(candidate: RTCIceCandidate | null): void {
    this.#waiting.push({
      candidate: candidate?.candidate ?? "",
      sdp_mid: candidate?.sdpMid ?? "0",
      sdp_mline_index: candidate?.sdpMLineIndex ?? 0,
    });
    this.#sendPaths();
  }

  #sendPaths(): void {
    if (this.#pcId === "" || this.#waiting.length === 0) return;
    const candidates = this.#waiting;
    this.#waiting = [];
    // A path that cannot be offered leaves the others; the deadline speaks if none is left.
    void this.#options.signalling.candidates(this.#pcId, candidates).catch(() => undefined);
  }

  #lose(fault: Fault): void {
    this.#finish(() => this.#options.onLost(fault));
  }

  #finish(report: () => void): void {
    if (this.#over) return;
    this.close();
    report();
  }
}

function plainIceServer(server: { urls: string[]; username?: string | null; credential?: string | null }): RTCIceServer {
  return {
    urls: server.urls,
    ...(server.username ? { username: server.username } : {}),
    ...(server.credential ? { credential: server.credential } : {}),
  };
}

function unreachable(): Fault {
  return new Fault("call.unreachable", "The call could not be connected.", {
    remedy: "A firewall may be blocking audio. Try another network, or ask your administrator for a TURN server.",
  });
}
