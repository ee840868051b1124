import type { AllowedCommand } from "../../kubectl/allowed-command.ts";
import type { LineContext } from "./line-context.ts";
import { captureKubectl } from "./start-kubectl.ts";

/** Flags of who and where, which every command made of one with them has, too. */
const COMMON = ["namespace", "as", "as-group", "as-uid", "request-timeout"];
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
  const isEdit = command.verb === "edit";
  const original = isEdit
    ? await captureKubectl(context, readArgs(command), { signal })
    : await draftOf(command, context, signal);
  if (original.exitCode !== 0) return original.exitCode;
  const common = flagWords(command, COMMON);
  const saves = flagWords(command, [...COMMON, "field-manager", "validate", "save-config", "subresource"]);
  const args = [
    isEdit ? "replace" : "create",
    "--filename=-",
    ...(isEdit ? saves : [...common, ...flagWords(command, ["validate", "field-manager"])]),
  ];
  let text = original.text;
  for (;;) {
    const edited = await context.host.edit({ name: command.places.join(" ") || command.verb, text });
    if (edited === null || (isEdit && withoutErrors(edited) === original.text) || edited === text) {
      if (edited !== null && !isEdit && edited === text && !text.startsWith(ERROR_MARK)) {
        return (await apply(args, text, context, signal)).exitCode;
      }
      await context.output.lines("nothing was changed\n");
      return edited === null ? 1 : 0;
    }
    const { exitCode, problem } = await apply(args, withoutErrors(edited), context, signal);
    if (exitCode === 0) return 0;
    text = `${ERROR_MARK}\n${problem.trim().replaceAll(/^/gm, "# ")}\n${withoutErrors(edited)}`;
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

const readArgs = (command: AllowedCommand) => [
  ...["get", "--output=yaml", ...flagWords(command, [...COMMON, "subresource", "show-managed-fields"])],
  ...command.places,
];

async function draftOf(command: AllowedCommand, context: LineContext, signal: AbortSignal) {
  if (command.standardInput === null)
    return captureKubectl(
      context,
      [
        ...command.args.filter((word) => !/^--(dry-run|output)=/.test(word)),
        "--dry-run=client",
        "--output=yaml",
      ],
      { signal },
    );
  const file = await context.files.openToRead(command.standardInput);
  try {
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
