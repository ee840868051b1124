import type { AllowedCommand } from "../../kubectl/allowed-command.ts";
import { LineRefusal } from "../../line/line-refusal.ts";
import type { LineContext } from "./line-context.ts";
import { captureKubectl } from "./start-kubectl.ts";
import { untilAborted } from "./until-aborted.ts";

/** Flags of who and where, which every command made of one with them has, too. */
const COMMON = ["namespace", "as", "as-group", "as-uid", "request-timeout"];
const MOST_EDITED_BYTES = 4 * 1024 * 1024;
const ERROR_MARK = "# The cluster did not take this:";

/**
 * `kubectl edit` and `kubectl create --edit` with an editor in the page instead of a program of the host: what is there, or would be
 * created, is edited as text, then given to `kubectl replace` or `kubectl create`. What the cluster does not take comes back into the
 * editor with its words. Returns the exit code.
 */
export async function editObjects(
  command: AllowedCommand,
  context: LineContext,
  signal: AbortSignal,
): Promise<number> {
  const original = await readOriginal(command, context, signal);
  if (original.exitCode !== 0) return original.exitCode;
  const args = writeArgs(command);
  const name = command.places.join(" ") || command.standardInput || command.verb;
  // What is there already is not written again unchanged; what is to be created is.
  const settled = command.verb === "edit" ? original.text : null;
  let text = original.text;
  for (;;) {
    const edited = await untilAborted(context.host.edit({ name, text }), signal);
    const wanted = edited === null ? null : withoutErrors(edited);
    if (wanted === null || wanted === settled || (edited === text && text.startsWith(ERROR_MARK))) {
      await context.output.lines("nothing was changed\n");
      return wanted === settled ? 0 : 1;
    }
    const { exitCode, problem } = await apply(args, wanted, context, signal);
    if (exitCode === 0) return 0;
    text = `${ERROR_MARK}\n${problem.trim().replaceAll(/^/gm, "# ")}\n${wanted}`;
  }
}

async function apply(args: string[], text: string, context: LineContext, signal: AbortSignal) {
  const errors: Uint8Array[] = [];
  const { exitCode, text: out } = await captureKubectl(context, args, {
    ...{ input: text, signal },
    errors: async (chunk) => {
      errors.push(chunk);
      await context.output.lines(chunk);
    },
  });
  await context.output.lines(out);
  return { exitCode, problem: Buffer.concat(errors).toString("utf8") };
}

const flagWords = (command: AllowedCommand, names: string[]) =>
  command.flags.filter(({ name }) => names.includes(name)).map(({ name, value }) => `--${name}=${value}`);

const writeArgs = (command: AllowedCommand) => [
  ...[command.verb === "edit" ? "replace" : "create", "--filename=-"],
  ...flagWords(command, [...COMMON, "field-manager", "validate", "save-config", "subresource"]),
];

async function readOriginal(command: AllowedCommand, context: LineContext, signal: AbortSignal) {
  if (command.verb === "edit") {
    const flags = flagWords(command, [...COMMON, "subresource", "show-managed-fields"]);
    return captureKubectl(context, ["get", "--output=yaml", ...flags, ...command.places], { signal });
  }
  if (command.standardInput === null) throw new LineRefusal("create --edit needs a file after -f");
  const file = await context.files.openToRead(command.standardInput);
  try {
    if ((await file.stat()).size > MOST_EDITED_BYTES)
      throw new LineRefusal(`create --edit takes a file of at most ${MOST_EDITED_BYTES / 2 ** 20} MiB`);
    return { exitCode: 0, text: await file.readFile("utf8") };
  } finally {
    await file.close();
  }
}

function withoutErrors(text: string): string {
  if (!text.startsWith(ERROR_MARK)) return text;
  const lines = text.split("\n");
  return lines.slice(lines.findIndex((line) => !line.startsWith("#"))).join("\n");
}
