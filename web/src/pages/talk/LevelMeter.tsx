import { useEffect, useRef } from "react";
import { useCall } from "../../call/useCall";

const BARS = 12;

/** The microphone's loudness. It is for the eye alone; a dead microphone is told in words. */
export function LevelMeter() {
  const { call } = useCall();
  const meter = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      call.onLevel((level) => {
        const bars = meter.current?.children ?? [];
        const lit = Math.round(level * BARS);
        for (let n = 0; n < bars.length; n += 1) bars[n]?.classList.toggle("lit", n < lit);
      }),
    [call],
  );
  return (
    <span className="meter" ref={meter} aria-hidden="true">
      {Array.from({ length: BARS }, (_, n) => (
        <span key={n} className="meter-bar" />
      ))}
    </span>
  );
}
