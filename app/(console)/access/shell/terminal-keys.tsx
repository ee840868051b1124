"use client";

import { Button } from "../../../components/button.tsx";
import type { TerminalScreen } from "./terminal-screen.ts";

const KEYS: readonly { label: string; name: string; text: string }[] = [
  { label: "Tab", name: "Tab: complete", text: "\t" },
  { label: "↑", name: "Up: the command before", text: "\x1b[A" },
  { label: "↓", name: "Down: the command after", text: "\x1b[B" },
  { label: "Ctrl C", name: "Ctrl C: stop what runs", text: "\x03" },
  { label: "Esc", name: "Escape", text: "\x1b" },
  { label: "|", name: "Pipe", text: "|" },
  { label: "-", name: "Hyphen", text: "-" },
];

/** The keys that a phone's keyboard lacks. */
export function TerminalKeys({ screen }: { screen: TerminalScreen | null }) {
  return (
    <div className="shell-keys" role="toolbar" aria-label="Keys">
      {KEYS.map(({ label, name, text }) => (
        <Button
          key={label}
          size="small"
          aria-label={name}
          disabled={screen === null}
          onClick={() => screen?.type(text)}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}
