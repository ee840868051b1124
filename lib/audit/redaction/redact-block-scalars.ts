import { redactedText } from "./mark.ts";
import { BLOCK_SCALAR, BLOCK_SCALAR_HEADER } from "./secret-patterns.ts";

/** Takes out the secrets of YAML that stand in the lines below their name (`client-key-data: |`), up to the next lesser indent. */
export function redactBlockScalars(text: string): string {
  if (!BLOCK_SCALAR.test(text)) return text;
  const lines = text.split("\n");
  const kept: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at++]!;
    const header = BLOCK_SCALAR_HEADER.exec(line);
    const begun = at;
    if (header) while (at < lines.length && isWithin(lines[at]!, header.groups!.indent!.length)) at++;
    const block = lines.slice(begun, at).join("\n").trim();
    kept.push(header && block !== "" ? `${header.groups!.name}: ${redactedText(block)}` : line);
    if (header && block === "") kept.push(...lines.slice(begun, at));
  }
  return kept.join("\n");
}

/** Empty lines belong to a block, too. */
const isWithin = (line: string, indent: number): boolean => {
  const first = line.search(/\S/);
  return first === -1 || first > indent;
};
