import { Fault, asFault } from "../api/fault";
import type { Connection, OpenConnection, Phase } from "./resuming";
import { type Conversation, type ConversationEvent, NOTHING_SAID, after } from "./conversation";
import { watchLevel } from "./level";
import { sendText } from "./messages";
import {
  type MicrophoneChoice,
  listMicrophones,
  openMicrophone,
  rememberMicrophone,
  rememberedMicrophone,
} from "./microphone";
import { Speaker } from "./speaker";
import { keepAwake } from "./wake";

/** Everything the page shows of a call. */
export interface CallView {
  /** `idle` before the first call and after each. */
  phase: "idle" | Exclude<Phase, "closed">;
  conversation: Conversation;
  /** `off`: the call was joined without a microphone. */
  microphone: "off" | "open" | "muted";
  /** The microphone has sent exact silence for two seconds. */
  microphoneDead: boolean;
  microphones: MicrophoneChoice[];
  chosenMicrophone: string;
  /** The browser refuses to play sound until a button is pressed. */
  soundBlocked: boolean;
  /** What ended or prevented the call. */
  fault: Fault | null;
  /** Seconds left until a busy server is tried again, or null. */
  retryIn_s: number | null;
}

const IDLE: CallView = {
  phase: "idle",
  conversation: NOTHING_SAID,
  microphone: "off",
  microphoneDead: false,
  microphones: [],
  chosenMicrophone: "",
  soundBlocked: false,
  fault: null,
  retryIn_s: null,
};

/** The devices a call needs besides the connection; a rehearsal brings its own. */
export interface Devices {
  open(id: string): Promise<MediaStream>;
  list(): Promise<MicrophoneChoice[]>;
  watch: typeof watchLevel;
  awake: typeof keepAwake;
  speaker(onBlocked: (blocked: boolean) => void): Pick<Speaker, "unlock" | "attach" | "play" | "stop">;
}

const THIS_DEVICE: Devices = {
  open: openMicrophone,
  list: listMicrophones,
  watch: watchLevel,
  awake: keepAwake,
  speaker: (onBlocked) => new Speaker(onBlocked),
};

/** One person's call on this page: at most one at a time, and it goes on while pages change. */
export class Call {
  #view: CallView = { ...IDLE, chosenMicrophone: rememberedMicrophone() };
  #connection: Connection | null = null;
  #stream: MediaStream | null = null;
  #stopWatching: () => void = () => undefined;
  #letSleep: () => void = () => undefined;
  #retry: ReturnType<typeof setInterval> | undefined;
  /** Typed while the connection was not open; sent when it opens. */
  #unsent: string[] = [];
  /** How the call that failed was begun, and what it could not send, for another try. */
  #failed = { byVoice: false, unsent: [] as string[] };
  /** Grows with each start and end, so that a slow permission prompt of an old one is dropped. */
  #generation = 0;
  readonly #open: OpenConnection;
  readonly #devices: Devices;
  readonly #speaker: ReturnType<Devices["speaker"]>;
  readonly #listeners = new Set<() => void>();
  readonly #levelListeners = new Set<(level: number) => void>();

  constructor(open: OpenConnection, devices: Devices = THIS_DEVICE) {
    this.#open = open;
    this.#devices = devices;
    this.#speaker = devices.speaker((soundBlocked) => this.#show({ soundBlocked }));
  }

  get view(): CallView {
    return this.#view;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The microphone's loudness, 0…1, many times a second. */
  onLevel(listener: (level: number) => void): () => void {
    this.#levelListeners.add(listener);
    return () => this.#levelListeners.delete(listener);
  }

  /** Start a call by voice. Call it in the tap's own handler. */
  async talk(): Promise<void> {
    this.#speaker.unlock();
    const generation = this.#restart();
    try {
      const stream = await this.#devices.open(this.#view.chosenMicrophone);
      if (generation !== this.#generation) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.#useStream(stream);
    } catch (thrown) {
      if (generation === this.#generation) this.#show({ phase: "idle", fault: asFault(thrown) });
      return;
    }
    this.#connect();
  }

  /** Start a call without a microphone; questions are typed. Call it in the tap's own handler. */
  join(): void {
    this.#speaker.unlock();
    this.#restart();
    this.#connect();
  }

  /** Ask by typing; starts a call when there is none. */
  ask(text: string): void {
    if (this.#view.phase === "idle") this.join();
    this.#receive({ kind: "typed", text });
    if (!this.#connection?.send(sendText(text))) this.#unsent.push(text);
  }

  /** Start again as the call that failed was, with what was typed. Call it in the tap's own handler. */
  again(): void {
    const { byVoice, unsent } = this.#failed;
    if (byVoice) void this.talk();
    else this.join();
    for (const text of unsent) {
      this.#receive({ kind: "typed", text });
      this.#unsent.push(text);
    }
  }

  end(): void {
    this.#generation += 1;
    this.#connection?.close();
    this.#release();
    this.#show({ phase: "idle", fault: null });
    this.#receive({ kind: "over" });
  }

  setMuted(muted: boolean): void {
    if (!this.#stream) return;
    for (const track of this.#stream.getAudioTracks()) track.enabled = !muted;
    this.#show({ microphone: muted ? "muted" : "open", microphoneDead: false });
  }

  /** Choose a microphone, now or for the next call. In a call without one, this opens it. */
  async chooseMicrophone(id: string): Promise<void> {
    rememberMicrophone(id);
    this.#show({ chosenMicrophone: id });
    if (this.#view.phase !== "idle") await this.addMicrophone();
  }

  /** Open the chosen microphone in a running call. */
  async addMicrophone(): Promise<void> {
    const generation = this.#generation;
    try {
      const stream = await this.#devices.open(this.#view.chosenMicrophone);
      if (generation !== this.#generation) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.#useStream(stream);
      this.#show({ fault: null });
    } catch (thrown) {
      this.#show({ fault: asFault(thrown) });
    }
  }

  /** Play again after the browser refused to; call it in a tap's own handler. */
  playSound(): void {
    this.#speaker.play();
  }

  /** Fill the list of microphones, which has names once the person has allowed one. */
  async refreshMicrophones(): Promise<void> {
    this.#show({ microphones: await this.#devices.list() });
  }

  dismiss(key: number): void {
    this.#receive({ kind: "dismiss", key });
  }

  dismissFault(): void {
    clearInterval(this.#retry);
    this.#show({ fault: null, retryIn_s: null });
  }

  #restart(): number {
    this.#generation += 1;
    this.#connection?.close();
    this.#release();
    this.#show({
      ...IDLE,
      phase: "connecting",
      microphones: this.#view.microphones,
      chosenMicrophone: this.#view.chosenMicrophone,
    });
    return this.#generation;
  }

  #connect(): void {
    this.#letSleep = this.#devices.awake();
    const generation = this.#generation;
    const mine = () => generation === this.#generation;
    this.#connection = this.#open(this.#stream?.getAudioTracks()[0] ?? null, {
      onPhase: (phase, fault) => {
        if (mine()) this.#changed(phase, fault);
      },
      onEvent: (event) => {
        if (mine()) this.#receive(event);
      },
      onSound: (stream) => {
        if (mine()) this.#speaker.attach(stream);
      },
    });
  }

  #changed(phase: Phase, fault: Fault | null): void {
    if (phase !== "closed") {
      this.#show({ phase });
      return;
    }
    const waiting = fault?.retryAfterS ?? null;
    this.#failed = { byVoice: this.#stream !== null, unsent: this.#unsent };
    this.#release();
    this.#show({ phase: "idle", fault, retryIn_s: waiting });
    this.#receive({ kind: "over" });
    if (waiting !== null) this.#tryAgainIn(waiting);
  }

  /** A busy server says when it is worth asking again. */
  #tryAgainIn(wait_s: number): void {
    let left = wait_s;
    this.#retry = setInterval(() => {
      left -= 1;
      if (left > 0) this.#show({ retryIn_s: left });
      else this.again();
    }, 1000);
  }

  #receive(event: ConversationEvent): void {
    this.#show({ conversation: after(this.#view.conversation, event) });
    if (event.kind === "ready" || event.kind === "state") {
      for (const text of this.#unsent.splice(0)) this.#connection?.send(sendText(text));
    }
  }

  #useStream(stream: MediaStream): void {
    const muted = this.#view.microphone === "muted";
    this.#stopWatching();
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = stream;
    const track = stream.getAudioTracks()[0] ?? null;
    if (track) {
      track.enabled = !muted;
      track.onended = () => this.#microphoneGone();
    }
    this.#connection?.useMicrophone(track);
    this.#stopWatching = this.#devices.watch(stream, {
      level: (level) => {
        for (const listener of this.#levelListeners) listener(level);
      },
      dead: (microphoneDead) => this.#show({ microphoneDead }),
    });
    this.#show({ microphone: muted ? "muted" : "open" });
    void this.refreshMicrophones();
  }

  /** The device was unplugged or taken away: the call goes on by typing. */
  #microphoneGone(): void {
    this.#stopWatching();
    this.#stream = null;
    this.#connection?.useMicrophone(null);
    this.#show({
      microphone: "off",
      microphoneDead: false,
      fault: new Fault("microphone.gone", "The microphone was disconnected.", {
        remedy: "Connect it and choose “Use microphone”, or go on by typing.",
      }),
    });
    void this.refreshMicrophones();
  }

  #release(): void {
    clearInterval(this.#retry);
    this.#connection = null;
    this.#unsent = [];
    this.#stopWatching();
    this.#stopWatching = () => undefined;
    this.#letSleep();
    this.#letSleep = () => undefined;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#speaker.stop();
    this.#show({ microphone: "off", microphoneDead: false, soundBlocked: false, retryIn_s: null });
  }

  #show(change: Partial<CallView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
