import { parseAllDocuments } from "yaml";

/** Enough for anchors that people write; a bomb of aliases needs more. */
const MAX_ALIASES = 50;

/** The documents of a YAML text, or null where it cannot be read. Merge keys are resolved: a Secret's data may hide behind one. */
export function parseYaml(text: string): unknown[] | null {
  try {
    const documents = [...parseAllDocuments(text, { merge: true, logLevel: "silent" })];
    if (documents.some((document) => document.errors.length > 0)) return null;
    return documents.map((document) => document.toJS({ maxAliasCount: MAX_ALIASES }));
  } catch {
    // A bomb of aliases, or nested too deeply for the parser.
    return null;
  }
}
