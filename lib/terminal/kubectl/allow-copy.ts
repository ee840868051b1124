import { LineRefusal } from "../line/line-refusal.ts";
import type { AllowedCommand } from "./allowed-command.ts";
import { privateName } from "./private-name.ts";

/** `[namespace/]pod:path`. */
const REMOTE = /^(?:[\w.-]+\/)?[\w][\w.-]*:(?!$)[\s\S]+$/;

/**
 * The two places of `kubectl cp`: one in a pod, the other in the private directory, whose name is handed on as a plain one. Says in
 * `command` what kubectl will read or write. Throws a {@link LineRefusal}.
 */
export function allowCopy(places: string[], command: AllowedCommand): string[] {
  const [from, to] = places;
  if (from === undefined || to === undefined || places.length > 2)
    throw new LineRefusal("cp needs two places: kubectl cp POD:PATH FILE or kubectl cp FILE POD:PATH");
  const remotes = [from, to].filter((place) => REMOTE.test(place)).length;
  if (remotes !== 1)
    throw new LineRefusal(
      "cp copies between a pod (POD:PATH) and a file of your directory: name one of each",
    );
  if (REMOTE.test(from)) {
    command.writes = to === "." || to === "./" ? "." : privateName(to);
    return [from, command.writes];
  }
  const name = privateName(from);
  command.reads.push(name);
  return [name, to];
}
