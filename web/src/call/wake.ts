/**
 * Keep the screen on: a phone that locks itself takes the microphone away. Returns what lets it
 * sleep again. Where the browser cannot do this, nothing happens.
 */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;
  // The browser drops the lock whenever the page is hidden.
  const ask = () => {
    const wakeLock = (navigator as Partial<Navigator>).wakeLock;
    if (over || document.visibilityState !== "visible" || !wakeLock) return;
    wakeLock.request("screen").then(
      (granted) => {
        if (over) void granted.release();
        else lock = granted;
      },
      () => undefined,
    );
  };
  ask();
  document.addEventListener("visibilitychange", ask);
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", ask);
    void lock?.release();
  };
}
