import type { TextRedactor } from "../../audit/redaction/redact-text.ts";

/** A command line without what would be a secret in the arguments of an exec, word by word and as a whole. */
export function redactLine(redactor: TextRedactor, line: string): string {
  const words = redactor.redactArguments(line.split(" ")).join(" ");
  return redactor.redactArguments([words])[0] ?? "";
}
