import { parseAllDocuments } from "yaml";

/** Enough for anchors that people write; a bomb of aliases needs more. */
const MAX_ALIASES = 50;

/**
 * What a text may have of lines and items where it is read: reading them takes up to 25 microseconds each, and every other call waits
 * (2,000: 50 ms at most; a text of 32 KB could take 270).
 */
export const MAX_YAML_ITEMS = 2_000;

/** How much there is to read in a YAML text: its lines, and what begins an item, a key or a value in them. */
export function countYamlItems(text: string): number {
  return text.match(/[\n,[{]|[-:](?=\s)/g)?.length ?? 0;
}

/** Keys that are objects (`? a`): no object of Kubernetes has one, and the parser takes exponential time for nested ones. */
const COMPLEX_KEY = /(?:^|[\s,[{])\?(?=\s|$)/;

/**
 * The documents of a YAML text, or null where it cannot be read or has more than `mostItems`. Merge keys are resolved: a Secret's data may
 * hide behind one.
 */
export function parseYaml(text: string, mostItems = MAX_YAML_ITEMS): unknown[] | null {
  if (COMPLEX_KEY.test(text) || countYamlItems(text) > mostItems) return null;
  try {
    const documents = [...parseAllDocuments(text, { merge: true, logLevel: "silent" })];
    if (documents.some((document) => document.errors.length > 0)) return null;
    return documents.map((document) => document.toJS({ maxAliasCount: MAX_ALIASES }));
  } catch {
    // A bomb of aliases, or nested too deeply for the parser.
    return null;
  }
}
