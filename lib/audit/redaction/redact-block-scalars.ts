import { redactedText } from "./mark.ts";
import { isReferencePart } from "./secret-names.ts";
import { BLOCK_SCALAR, BLOCK_SCALAR_HEADER, COLLECTION_HEADER } from "./secret-patterns.ts";

/**
 * Takes out the secrets of YAML that stand in the lines below their name, up to the next lesser indent: texts
 * (`client-key-data: |`), lists and objects (`passwords:`).
 */
export function redactBlockScalars(text: string): string {
  if (!BLOCK_SCALAR.test(text)) return text;
  const lines = text.split("\n");
  const kept: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at++]!;
    const header = headerOf(line, lines[at]);
    const begun = at;
    if (header) while (at < lines.length && isWithin(lines[at]!, header)) at++;
    const block = lines.slice(begun, at).join("\n").trim();
    kept.push(header && block !== "" ? `${header.name}: ${redactedText(block)}` : line);
    if (header && block === "") kept.push(...lines.slice(begun, at));
  }
  return kept.join("\n");
}

interface Header {
  name: string;
  indent: number;
  /** Whether a list or an object follows; a list may stand as far left as its name. */
  collection: boolean;
}

function headerOf(line: string, next = ""): Header | null {
  const scalar = BLOCK_SCALAR_HEADER.exec(line);
  const match = scalar ?? COLLECTION_HEADER.exec(line);
  if (!match || (!scalar && isReference(next))) return null;
  const { name = "", indent = "" } = match.groups ?? {};
  return { name, indent: indent.length, collection: !scalar };
}

/** `secretKeyRef:` and its like say where the secret is. */
const isReference = (line: string): boolean =>
  isReferencePart(/^[ -]*["']?([\w-]+)["']?:/.exec(line)?.[1] ?? "");

/** Empty lines belong to a block, too. */
const isWithin = (line: string, { indent, collection }: Header): boolean => {
  const first = line.search(/\S/);
  return first === -1 || first > indent || (collection && first === indent && /^ *- /.test(line));
};
