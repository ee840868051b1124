import type { RequestHead } from "./client-request.ts";

/** What the web shell's relay says of a call that came by it. It is noted beside the request, never in it: nothing that a client sends can say it. */
export interface ShellCall {
  terminalId: string;
  /** The command line that runs, redacted; null where the shell itself asks, to complete a name. */
  command: { id: string; line: string } | null;
}

const noted = new WeakMap<RequestHead, ShellCall>();

/** For the relay, and for the process that a call of its was passed to. */
export function noteShellCall(request: RequestHead, call: ShellCall): void {
  noted.set(request, call);
}

/** Null of a call that came otherwise. */
export function shellCallOf(request: RequestHead): ShellCall | null {
  return noted.get(request) ?? null;
}
