import type { SessionInspector } from "../../wire/session-inspector.ts";
import type { SessionObserver } from "./session-observer.ts";

/** Ends a session whose frames break its protocol, with a WireError. Holds nothing. */
export function protocolObserver(inspector: SessionInspector): SessionObserver {
  return {
    name: "the protocol's watch",
    longestHoldMs: 0,
    observe(sender, chunk) {
      const violation = sender === "client" ? inspector.fromClient(chunk) : inspector.fromServer(chunk);
      if (violation !== null) throw violation;
      return undefined;
    },
    onFailure: () => "end-session",
  };
}
