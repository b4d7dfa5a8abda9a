/**
 * How long a lost connection is tried again: at once, then ever more slowly, for a minute.
 * Times are milliseconds on one clock, passed in.
 */
export class Patience {
  #lostAt: number | null = null;
  #tries = 0;

  /** Milliseconds to wait before the next try, or null when it is time to give up. */
  next(now: number): number | null {
    this.#lostAt ??= now;
    if (now - this.#lostAt > GIVE_UP_MS) return null;
    const wait = WAITS_MS[Math.min(this.#tries, WAITS_MS.length - 1)] ?? 0;
    this.#tries += 1;
    return wait;
  }

  /** The connection is back: the next loss starts afresh. */
  restored(): void {
    this.#lostAt = null;
    this.#tries = 0;
  }
}

const GIVE_UP_MS = 60_000;
const WAITS_MS = [0, 500, 1000, 2000, 4000];

/**
 * Notices that nothing arrives any more. The server sends audio every 20 ms, silence included, so
 * a packet count that stands still means a lost network long before the browser says so.
 */
export class Liveness {
  #packets = -1;
  #since: number | null = null;

  /** True once the count has stood still for `LOST_AFTER_MS`; it must have moved before. */
  lost(packets: number, now: number): boolean {
    if (packets !== this.#packets) {
      this.#packets = packets;
      this.#since = packets > 0 ? now : null;
    }
    return this.#since !== null && now - this.#since >= LOST_AFTER_MS;
  }
}

const LOST_AFTER_MS = 2_000;
