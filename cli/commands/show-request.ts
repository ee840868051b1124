import { printJson } from "../terminal/print-json.ts";
import { printable, type Terminal } from "../terminal/terminal.ts";
import type { AccessRequest } from "./answers.ts";
import { showDuration } from "./duration.ts";

/** Where a request is for, in words. */
export function placeOf({ cluster, project, namespaces }: AccessRequest): string {
  if (project) return `project ${project.name}`;
  const where = cluster?.name ?? "every cluster";
  return namespaces.length > 0 ? `${where}: ${namespaces.join(", ")}` : where;
}

/** What became of a request: as JSON, or in a line or two. */
export function showRequest(terminal: Terminal, request: AccessRequest, output: string | undefined): void {
  if (output === "json") {
    printJson(terminal, request);
    return;
  }
  const { id, state, role, person, durationMs, answer, grant } = request;
  terminal.print(
    printable(
      `${id}  ${state}: ${role.name} on ${placeOf(request)} for ${person.name}, ${showDuration(durationMs)}`,
    ),
  );
  if (answer?.word) terminal.print(printable(`  ${answer.by ?? "the installation"}: ${answer.word}`));
  if (grant?.expiresAt) terminal.print(`  until ${grant.expiresAt}`);
}
