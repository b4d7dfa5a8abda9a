import { type SyntheticEvent, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { useCall } from "../../call/useCall";
import { Icon } from "../../parts/Icon";
import { LevelMeter } from "./LevelMeter";
import { MicrophoneChoice } from "./MicrophoneChoice";
import { StateWord } from "./StateWord";

/** What is being typed stays while other pages are looked at; it is kept nowhere else. */
let draft = "";

/** The controls of the call, and the box to type a question in. */
export function Dock({ began }: { began: boolean }) {
  const { call, view } = useCall();
  return (
    <div className="dock">
      {began && (
        <div className="dock-row">
          {view.phase === "idle" ? (
            <Button className="button button-primary" onPress={() => void call.talk()}>
              <Icon name="mic" /> Talk
            </Button>
          ) : (
            <>
              <StateWord view={view} />
              {view.microphone !== "off" && <LevelMeter />}
              <span className="dock-space" />
              {view.microphone === "off" ? (
                <Button className="button" onPress={() => void call.addMicrophone()}>
                  <Icon name="mic" /> Use microphone
                </Button>
              ) : (
                <>
                  <MicrophoneChoice compact />
                  <Button className="button" onPress={() => call.setMuted(view.microphone !== "muted")}>
                    <Icon name={view.microphone === "muted" ? "mic" : "micOff"} />{" "}
                    {view.microphone === "muted" ? "Unmute" : "Mute"}
                  </Button>
                </>
              )}
              <Button className="button button-end" onPress={() => call.end()}>
                <Icon name="end" /> End
              </Button>
            </>
          )}
        </div>
      )}
      <Composer onAsk={(text) => call.ask(text)} />
    </div>
  );
}

function Composer({ onAsk }: { onAsk: (text: string) => void }) {
  const [text, setText] = useState(draft);
  const write = (value: string) => {
    draft = value;
    setText(value);
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (text.trim() === "") return;
    onAsk(text.trim());
    write("");
  };
  return (
    <form className="composer" onSubmit={submit}>
      <TextField className="composer-field" value={text} onChange={write} maxLength={2000}>
        <Label className="visually-hidden">Type a question</Label>
        <Input className="input" placeholder="Or type a question" autoComplete="off" enterKeyHint="send" />
      </TextField>
      <Button
        type="submit"
        className="button button-primary composer-send"
        isDisabled={text.trim() === ""}
        aria-label="Ask"
      >
        <Icon name="send" />
      </Button>
    </form>
  );
}
