import type { ApiOperation } from "./model/read-document.ts";

/** What was typed for the parameters, by name; an empty text is not sent. */
export type ParameterValues = Record<string, string>;

/** The address of an operation with its parameters; a path's parameter that is missing stays as `{name}`. */
export function addressOf({ path, parameters }: ApiOperation, values: ParameterValues): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const parameter of parameters) {
    const value = values[parameter.name] ?? "";
    if (value === "") continue;
    if (parameter.in === "path") filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else query.set(parameter.name, value);
  }
  const text = query.toString();
  return text ? `${filled}?${text}` : filled;
}

/** The same call for a shell. `$TOKEN` stands for a bearer token. */
export function curlOf(
  operation: ApiOperation,
  { origin, values, accept }: { origin: string; values: ParameterValues; accept: string | null },
): string {
  const parts = ["curl"];
  if (accept === "text/event-stream") parts.push("-N");
  if (operation.method !== "get") parts.push(`-X ${operation.method.toUpperCase()}`);
  if (!operation.anonymous) parts.push('-H "Authorization: Bearer $TOKEN"');
  if (accept && accept !== "application/json") parts.push(`-H ${quote(`Accept: ${accept}`)}`);
  const [body] = operation.body?.examples ?? [];
  if (body !== undefined) {
    parts.push("-H 'Content-Type: application/json'");
    parts.push(`-d ${quote(JSON.stringify(JSON.parse(body)))}`);
  }
  parts.push(quote(origin + addressOf(operation, values)));
  return parts.join(" ");
}

/** A word of a POSIX shell. */
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
