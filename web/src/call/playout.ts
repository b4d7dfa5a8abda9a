/** The parts of WebRTC statistics that are read here; times are seconds, as browsers give them. */
interface Entry {
  type: string;
  kind?: string;
  nominated?: boolean;
  packetsReceived?: number;
  jitterBufferDelay?: number;
  jitterBufferEmittedCount?: number;
  totalPlayoutDelay?: number;
  totalSamplesCount?: number;
  currentRoundTripTime?: number;
}

export interface Reading {
  packets: number;
  delays: ({ delay_ms: number } & Record<string, number>) | null;
}

/**
 * How far the loudspeaker is behind the network, for the server's record of what was heard.
 * Sums in the statistics become means over the time since the last reading.
 */
export class PlayoutMeter {
  #delay_s = 0;
  #emitted = 0;
  #playout_s = 0;
  #samples = 0;

  /** `packets` received so far; `delays` in milliseconds, null while no audio has been played. */
  read(stats: { forEach(visit: (entry: unknown) => void): void }): Reading {
    let inbound: Entry = { type: "" };
    let played: Entry = { type: "" };
    let pair: Entry = { type: "" };
    stats.forEach((value) => {
      const entry = value as Entry;
      if (entry.type === "inbound-rtp" && entry.kind === "audio") inbound = entry;
      if (entry.type === "media-playout") played = entry;
      if (entry.type === "candidate-pair" && entry.nominated) pair = entry;
    });
    const jitter_ms = this.#meanJitter(inbound);
    const playout_ms = this.#meanPlayout(played);
    const packets = inbound.packetsReceived ?? 0;
    const round_trip_ms = Math.round((pair.currentRoundTripTime ?? 0) * 1000);
    if (jitter_ms === null) return { packets, delays: null };
    return {
      packets,
      delays: {
        delay_ms: round_trip_ms / 2 + jitter_ms + (playout_ms ?? 0),
        jitter_buffer_ms: jitter_ms,
        playout_delay_ms: playout_ms ?? 0,
        round_trip_ms,
      },
    };
  }

  #meanJitter({ jitterBufferDelay = 0, jitterBufferEmittedCount = 0 }: Entry): number | null {
    const emitted = jitterBufferEmittedCount - this.#emitted;
    const delay_s = jitterBufferDelay - this.#delay_s;
    this.#emitted = jitterBufferEmittedCount;
    this.#delay_s = jitterBufferDelay;
    return emitted > 0 ? Math.round((delay_s / emitted) * 1000) : null;
  }

  #meanPlayout({ totalPlayoutDelay = 0, totalSamplesCount = 0 }: Entry): number | null {
    const samples = totalSamplesCount - this.#samples;
    const delay_s = totalPlayoutDelay - this.#playout_s;
    this.#samples = totalSamplesCount;
    this.#playout_s = totalPlayoutDelay;
    return samples > 0 ? Math.round((delay_s / samples) * 1000) : null;
  }
}
