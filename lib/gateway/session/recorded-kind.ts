import type { SessionKind } from "../../audit/columns/recordings/values/schema.ts";

/** What an exec or attach says of itself. */
export interface AskedSession {
  subresource: string;
  /** What an exec runs. */
  command: readonly string[];
  container: string | null;
  tty: boolean;
  /** kubectl's own word for what it does, `kubectl debug`; null where the client has none. */
  claimedCommand: string | null;
}

/** How `kubectl debug` names its containers where nobody names them, that of a node's pod without an ending (k8s.io/kubectl/pkg/cmd/debug). */
const DEBUG_CONTAINER = /^debugger(-[a-z0-9]{5})?$/;

/**
 * What kind of session it is, for people who look for one. The wire has two, exec and attach; the others are made of them by kubectl, which says so in a
 * header from 1.21 on. That is a claim: it decides how the session is listed, never whether or what of it is recorded.
 */
export function recordedKind(asked: AskedSession): Exclude<SessionKind, "shell"> {
  const claims = (name: string) => asked.claimedCommand?.startsWith(`kubectl ${name}`) === true;
  if (asked.subresource === "exec") {
    const isCopy = tarStreamOf(asked) !== undefined || (claims("cp") && asked.command[0] === "test");
    return isCopy && !asked.tty ? "cp" : "exec";
  }
  if (claims("debug") || DEBUG_CONTAINER.test(asked.container ?? "")) return "debug";
  return claims("run") ? "run" : "attach";
}

/**
 * The stream that is to be a tar stream, as `kubectl cp` runs it: `tar cf - a/path`, `tar -xmf - -C a/path`, and from 1.23 on, where it goes on after a
 * lost connection, `sh -c "tar cf - a/path | tail -c+1"` (k8s.io/kubectl/pkg/cmd/cp).
 */
export function tarStreamOf({
  subresource,
  command,
}: Pick<AskedSession, "subresource" | "command">): "stdin" | "stdout" | undefined {
  if (subresource !== "exec") return undefined;
  const [program, ...args] = command[0] === "sh" && command[1] === "-c" ? wordsOf(command[2]) : command;
  if (program?.split("/").at(-1) !== "tar") return undefined;
  const options = args[0] ?? "";
  // An archive that is a file passes no stream.
  if (!options.includes("f") || args[1] !== "-") return undefined;
  return options.includes("c") ? "stdout" : options.includes("x") ? "stdin" : undefined;
}

function wordsOf(line = ""): string[] {
  return line.trim().split(/\s+/);
}
