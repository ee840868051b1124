import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { EntryBody } from "../../audit/entry/entry.ts";
import { MAX_REDACTED_LENGTH, type TextRedactor } from "../../audit/redaction/redact-text.ts";
import { cutToBytes, storableText } from "../../audit/store/stored-text.ts";
import { isTrue, parseQuery } from "./query.ts";
import type { RequestInfo } from "./request-info.ts";

const MAX_BODY_BYTES = 4096;
/** How much of a command is looked at for the record (UTF-16 units): kube-apiserver takes up to 1 MiB of them. */
const MAX_COMMAND_LENGTH = 65_536;
const STREAMS = ["stdin", "stdout", "stderr", "tty"] as const;

export interface SessionDescription {
  /** One line: the command, redacted. */
  text: string;
  /** The options as YAML, redacted. */
  body: EntryBody;
  ports: number[];
}

/** What an exec, attach or port-forward asks for. Kubernetes puts it in the query (PodExecOptions and its like). */
export function describeSession(
  redactor: TextRedactor,
  info: RequestInfo,
  query: string,
): SessionDescription {
  const parameters = parseQuery(query);
  const command = redactor.redactArguments(beginningOf(parameters.get("command") ?? []));
  const container = parameters.get("container")?.[0];
  const ports = (parameters.get("ports") ?? []).flatMap((value) => value.split(",")).map(Number);
  const options: Record<string, unknown> = {};
  if (info.subresource === "exec") options.command = command;
  if (container) options.container = redactor.redactText(container);
  if (info.subresource === "portforward") {
    if (ports.length > 0) options.ports = ports;
  } else {
    for (const stream of STREAMS) options[stream] = isTrue(parameters, stream);
  }
  const target = info.subresource === "exec" ? command.map(quoteArgument).join(" ") : info.subresource;
  return { text: target, body: toBody(stringify(options)), ports: ports.filter(isPort) };
}

/** Whole arguments, each of which the redactor bounds by itself: a secret that was cut in two might not be seen as one. */
function beginningOf(args: readonly string[]): readonly string[] {
  let length = 0;
  const last = args.findIndex((argument) => {
    length += Math.min(argument.length, MAX_REDACTED_LENGTH);
    return length > MAX_COMMAND_LENGTH;
  });
  return last === -1 || last === args.length - 1 ? args : [...args.slice(0, last + 1), "…"];
}

/** As a shell would take it, for reading: quoted where it has more than plain characters. */
function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/** The hash is of the redacted text: that of a short secret would give it away. */
function toBody(yaml: string): EntryBody {
  const storable = storableText(yaml);
  const bytes = Buffer.byteLength(storable);
  return {
    text: bytes > MAX_BODY_BYTES ? cutToBytes(storable, MAX_BODY_BYTES) : storable,
    truncated: bytes > MAX_BODY_BYTES,
    bytes,
    sha256: createHash("sha256").update(storable).digest("hex"),
  };
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= 65_535;
}
