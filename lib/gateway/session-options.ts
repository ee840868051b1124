import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { EntryBody } from "../audit/entry.ts";
import type { TextRedactor } from "../audit/redaction/redact-text.ts";
import { cutToBytes, storableText } from "../audit/stored-text.ts";
import { isTrue, parseQuery } from "./query.ts";
import type { RequestInfo } from "./request-info.ts";

const MAX_BODY_BYTES = 4096;
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
  const command = redactor.redactArguments(parameters.get("command") ?? []);
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
