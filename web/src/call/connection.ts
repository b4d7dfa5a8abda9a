import { Fault, asFault } from "../api/fault";
import { type ServerEvent, clientReady, playout, readMessage } from "./messages";
import { Liveness } from "./patience";
import { PlayoutMeter } from "./playout";
import type { Candidate, Signalling } from "./signalling";

const CONNECT_DEADLINE_MS = 12_000;
/** Every second look is also a ping. */
const LOOK_MS = 500;

interface PeerLinkOptions {
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
export class PeerLink {
  readonly #options: PeerLinkOptions;
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

  constructor(options: PeerLinkOptions) {
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

function plainIceServer(server: {
  urls: string[];
  username?: string | null;
  credential?: string | null;
}): RTCIceServer {
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
