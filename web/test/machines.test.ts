import { describe, expect, it } from "vitest";
import { SilenceWatch, loudness } from "../src/call/level";
import { microphoneFault } from "../src/call/microphone";
import { Liveness, Patience } from "../src/call/patience";
import { PlayoutMeter } from "../src/call/playout";

describe("a lost connection", () => {
  it("is tried again at once, then ever more slowly, and given up after a minute", () => {
    const patience = new Patience();
    expect([0, 100, 800, 2000].map((now) => patience.next(now))).toEqual([0, 500, 1000, 2000]);
    expect(patience.next(60_500)).toBeNull();
  });

  it("is tried at once again after it was restored", () => {
    const patience = new Patience();
    patience.next(0);
    patience.next(10);
    patience.restored();
    expect(patience.next(90_000)).toBe(0);
  });

  it("is noticed when packets stop, and not before any came", () => {
    const liveness = new Liveness();
    expect(liveness.lost(0, 0)).toBe(false);
    expect(liveness.lost(0, 9_000)).toBe(false);
    expect(liveness.lost(50, 10_000)).toBe(false);
    expect(liveness.lost(50, 11_900)).toBe(false);
    expect(liveness.lost(50, 12_000)).toBe(true);
  });
});

describe("a microphone", () => {
  const zeros = new Float32Array(64);
  const hiss = Float32Array.from(zeros, (_, n) => (n % 2 ? 1e-5 : -1e-5));

  it("is dead after two seconds of exact zeros, and alive with the faintest noise", () => {
    const watch = new SilenceWatch();
    expect(watch.dead(zeros, 0)).toBe(false);
    expect(watch.dead(zeros, 1_999)).toBe(false);
    expect(watch.dead(zeros, 2_000)).toBe(true);
    expect(watch.dead(hiss, 2_100)).toBe(false);
    expect(watch.dead(zeros, 4_000)).toBe(false);
  });

  it("shows louder sound as a higher level", () => {
    const speech = Float32Array.from(zeros, (_, n) => 0.2 * Math.sin(n));
    expect(loudness(zeros)).toBe(0);
    expect(loudness(speech)).toBeGreaterThan(0.5);
  });

  it.each(["NotAllowedError", "NotFoundError", "NotReadableError", "AnythingElse"])(
    "that fails with %s has a sentence and a way on",
    (name) => {
      const fault = microphoneFault(name);
      expect(fault.sentence).not.toBe("");
      expect(fault.remedy).toMatch(/type your question/i);
    },
  );
});

describe("the playout delay", () => {
  const stats = (emitted: number, delay_s: number) => [
    {
      type: "inbound-rtp",
      kind: "audio",
      packetsReceived: emitted,
      jitterBufferDelay: delay_s,
      jitterBufferEmittedCount: emitted,
    },
    { type: "media-playout", totalPlayoutDelay: emitted * 0.02, totalSamplesCount: emitted },
    { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.03 },
  ];

  it("is the mean since the last reading: network, jitter buffer and loudspeaker", () => {
    const meter = new PlayoutMeter();
    meter.read(stats(100, 10));
    expect(meter.read(stats(200, 14)).delays).toMatchObject({
      jitter_buffer_ms: 40,
      playout_delay_ms: 20,
      delay_ms: 75,
    });
  });

  it("is unknown while nothing is played", () => {
    expect(new PlayoutMeter().read([]).delays).toBeNull();
  });
});
