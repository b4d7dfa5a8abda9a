/**
 * The loudspeaker. Mobile browsers only let a page sound after a tap, so `unlock` belongs in the
 * tap's own handler; `attach` plays again when the server's voice arrives.
 */
export class Speaker {
  readonly #audio = new Audio();
  readonly #onBlocked: (blocked: boolean) => void;

  constructor(onBlocked: (blocked: boolean) => void) {
    this.#onBlocked = onBlocked;
    this.#audio.setAttribute("playsinline", "");
  }

  unlock(): void {
    this.#audio.srcObject ??= new MediaStream();
    void this.#audio.play().catch(() => undefined);
  }

  attach(stream: MediaStream): void {
    this.#audio.srcObject = stream;
    this.play();
  }

  /** Throws nothing: a refusal is told through `onBlocked`. */
  play(): void {
    this.#audio.play().then(
      () => this.#onBlocked(false),
      (thrown: unknown) => {
        if (thrown instanceof DOMException && thrown.name === "NotAllowedError") this.#onBlocked(true);
      },
    );
  }

  stop(): void {
    this.#audio.pause();
    this.#audio.srcObject = null;
  }
}
