/** Loudness of a block of samples (−1…1) on a scale of 0…1, where speech fills the upper half. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const x of samples) sum += x * x;
  const db = 10 * Math.log10(sum / samples.length + 1e-12);
  return Math.min(1, Math.max(0, (db + 60) / 50));
}

/**
 * Notices a microphone that sends nothing but exact zeros, as one does when another program took
 * it or a switch on it is off. A quiet room is never exactly zero.
 */
export class SilenceWatch {
  #since: number | null = null;

  /** True once every sample has been zero for two seconds. `now` is in milliseconds. */
  dead(samples: Float32Array, now: number): boolean {
    if (samples.some((x) => x !== 0)) {
      this.#since = null;
      return false;
    }
    this.#since ??= now;
    return now - this.#since >= DEAD_AFTER_MS;
  }

  reset(): void {
    this.#since = null;
  }
}

const DEAD_AFTER_MS = 2_000;
const LOOK_EVERY_MS = 60;

/** Watch a microphone's stream. Returns what stops the watching. */
export function watchLevel(
  stream: MediaStream,
  on: { level: (level: number) => void; dead: (dead: boolean) => void },
): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  void context.resume();
  const samples = new Float32Array(analyser.fftSize);
  const watch = new SilenceWatch();
  let wasDead = false;
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const listening = stream.getAudioTracks().some((t) => t.enabled);
    on.level(listening ? loudness(samples) : 0);
    if (!listening || context.state !== "running") watch.reset();
    const isDead = listening && context.state === "running" && watch.dead(samples, performance.now());
    if (isDead !== wasDead) on.dead(isDead);
    wasDead = isDead;
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
