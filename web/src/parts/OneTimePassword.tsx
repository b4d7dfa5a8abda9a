import { useState } from "react";
import { Button } from "react-aria-components";
import { Icon } from "./Icon";

/** Letters and digits that cannot be taken for one another when read aloud or copied by hand. */
const SIGNS = "abcdefghjkmnpqrstuvwxyz23456789";

/** Four groups of four from a secure source: about 79 bits. */
export function oneTimePassword(): string {
  const signs: string[] = [];
  while (signs.length < 16) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      const fair = byte < SIGNS.length * Math.floor(256 / SIGNS.length);
      if (fair && signs.length < 16) signs.push(SIGNS[byte % SIGNS.length] ?? "");
    }
  }
  return [0, 4, 8, 12].map((n) => signs.slice(n, n + 4).join("")).join("-");
}

/** Shown once, to be handed on. */
export function OneTimePassword({ password, email }: { password: string; email: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    const clipboard = (navigator as Partial<Navigator>).clipboard;
    void clipboard?.writeText(password).then(() => setCopied(true));
  };
  return (
    <div className="one-time">
      <p>
        Hand this one-time password to <strong>{email}</strong>. It is shown only now, and is replaced when they first
        sign in.
      </p>
      <p className="one-time-row">
        <code className="one-time-code">{password}</code>
        <Button className="button" onPress={copy}>
          {copied && <Icon name="check" size={18} />} {copied ? "Copied" : "Copy"}
        </Button>
      </p>
    </div>
  );
}
