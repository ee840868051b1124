import Link from "next/link";
import { KeyHint } from "../../../components/key-hint.tsx";
import type { ConnectionState } from "./terminal-connection.ts";
import type { TerminalTab } from "./terminal-tab.ts";
import type { TerminalModel } from "./use-terminal.ts";

const STATES: Record<ConnectionState["kind"], string> = {
  opening: "Opening",
  connected: "Connected",
  reconnecting: "Reconnecting",
  elsewhere: "In another window",
  ended: "Ended",
  failed: "Not opened",
};

/** Under a terminal: that it is recorded, where to find what is, and how it stands. */
export function TerminalFoot({ terminal, tab }: { terminal: TerminalModel; tab: TerminalTab }) {
  const { state, size } = terminal;
  return (
    <footer className="shell-foot">
      <span
        className="shell-recorded"
        title="What is shown and each command line are recorded; what is typed is not."
      >
        <span aria-hidden className="dot" />
        Recorded
      </span>
      <Link href="/audit/kubernetes/request-audit?view=commands">Your commands</Link>
      {state.kind === "ended" && tab.terminalId ? (
        <Link href={`/audit/kubernetes/recordings/${tab.terminalId}`}>Session recording</Link>
      ) : null}
      <span className="ml-auto" role="status" aria-live="polite">
        {STATES[state.kind]}
      </span>
      {size ? (
        <span className="far tabular-nums">
          {size.columns} × {size.rows}
        </span>
      ) : null}
      <span className="far">
        <KeyHint>Ctrl+Shift+C</KeyHint> <KeyHint>Ctrl+Shift+V</KeyHint> copy, paste
      </span>
      <span className="far">
        <KeyHint>Ctrl+F6</KeyHint> leave the terminal
      </span>
    </footer>
  );
}
