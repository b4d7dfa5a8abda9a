/** The smallest page on pipecat's own client: signs in, connects, and notes what its callbacks get. */
import { PipecatClient } from "@pipecat-ai/client-js";
import { SmallWebRTCTransport, WavMediaManager } from "@pipecat-ai/small-webrtc-transport";

const seen = [];
const note = (what) => (data) => seen.push({ what, data: data ?? null });

// The default media manager fetches code from a video service; this one asks the browser.
const client = new PipecatClient({
  transport: new SmallWebRTCTransport({ mediaManager: new WavMediaManager() }),
  enableMic: true,
  enableCam: false,
  callbacks: {
    onConnected: note("connected"),
    onDisconnected: note("disconnected"),
    onBotReady: note("bot ready"),
    onBotDisconnected: note("bot gone"),
    onBotStartedSpeaking: note("bot speaks"),
    onBotOutput: note("bot output"),
    onTrackStarted: (track, by) => note("track")({ kind: track.kind, local: by?.local ?? false }),
    onUserTranscript: note("user transcript"),
    onServerMessage: note("server message"),
    onError: note("error"),
    onMessageError: note("error"),
    onDeviceError: note("error"),
  },
});

async function connect(email, password) {
  const session = await fetch("/api/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  const { access_token: token } = await session.json();
  const headers = new Headers({ Authorization: `Bearer ${token}` });
  await client.connect({ webrtcRequestParams: { endpoint: "/api/offer", headers } });
}

window.official = {
  client,
  connect,
  seen,
  got: (what, fits = () => true) => seen.some((one) => one.what === what && fits(one.data)),
};
