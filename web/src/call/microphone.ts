import { Fault } from "../api/fault";

/** A microphone the person may choose. */
export interface MicrophoneChoice {
  id: string;
  label: string;
}

const REMEMBERED = "voice.microphone";

/** The microphone chosen last on this device, or "" for the browser's own choice. */
export function rememberedMicrophone(): string {
  try {
    return localStorage.getItem(REMEMBERED) ?? "";
  } catch {
    return "";
  }
}

export function rememberMicrophone(id: string): void {
  try {
    localStorage.setItem(REMEMBERED, id);
  } catch {
    // Storage is off: the choice lasts until the page is closed.
  }
}

/** Microphones by name; empty until the person has allowed one, as browsers hide the names before. */
export async function listMicrophones(): Promise<MicrophoneChoice[]> {
  if (!hasMediaDevices()) return [];
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices
    .filter((d) => d.kind === "audioinput" && d.deviceId !== "" && d.label !== "")
    .map((d) => ({ id: d.deviceId, label: d.label }));
}

/** Open the chosen microphone, or another if it is gone. Throws Fault with a sentence and a way on. */
export async function openMicrophone(id: string): Promise<MediaStream> {
  if (!hasMediaDevices()) throw insecure();
  try {
    return await navigator.mediaDevices.getUserMedia(wishes(id));
  } catch (thrown) {
    if (id !== "" && nameOf(thrown) === "OverconstrainedError") return openMicrophone("");
    throw microphoneFault(nameOf(thrown));
  }
}

/** What went wrong, by the name of the browser's error. */
export function microphoneFault(name: string): Fault {
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return new Fault("microphone.refused", "The browser has not been allowed to use the microphone.", {
        remedy: "Allow it in the address bar, then press Talk again. You can type your question in the meantime.",
      });
    case "NotFoundError":
    case "OverconstrainedError":
      return new Fault("microphone.none", "No microphone was found.", {
        remedy: "Connect one and press Talk again. You can type your question in the meantime.",
      });
    case "NotReadableError":
    case "AbortError":
      return new Fault("microphone.taken", "The microphone is in use by another program.", {
        remedy: "Close that program, or choose another microphone. You can type your question in the meantime.",
      });
    default:
      return new Fault("microphone.failed", "The microphone could not be opened.", {
        remedy: "Choose another one, or type your question.",
      });
  }
}

/** Browsers give no microphone to pages that did not come over HTTPS. */
export function insecure(): Fault {
  return new Fault("microphone.insecure", "This address is not secure, so the browser keeps the microphone closed.", {
    remedy: "Open this page over https, or on this computer as http://localhost. You can type your question here.",
  });
}

export function hasMediaDevices(): boolean {
  return (
    "mediaDevices" in navigator &&
    typeof (navigator.mediaDevices as MediaDevices | undefined)?.getUserMedia === "function"
  );
}

function wishes(id: string): MediaStreamConstraints {
  return {
    audio: {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      channelCount: 1,
      ...(id === "" ? {} : { deviceId: { exact: id } }),
    },
  };
}

function nameOf(thrown: unknown): string {
  return typeof thrown === "object" && thrown !== null && "name" in thrown ? String(thrown.name) : "";
}
