import { stringify } from "yaml";
import { cutToBytes, storableText } from "../store/stored-text.ts";

/** What is kept of a body, bytes of UTF-8. */
export const MAX_KEPT_BYTES = 4_096;

/** Writes redacted documents as YAML, cut to what is kept. */
export function writeKeptYaml(documents: readonly unknown[]): { text: string; truncated: boolean } {
  const budget = { left: MAX_KEPT_BYTES };
  const kept = documents.map((document) => prune(document, budget));
  const text = storableText(
    kept.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n"),
  );
  if (Buffer.byteLength(text) <= MAX_KEPT_BYTES && budget.left >= 0) return { text, truncated: false };
  return { text: cutToBytes(text, MAX_KEPT_BYTES), truncated: true };
}

/**
 * Leaves out what can only stand behind the cut: writing a megabyte of YAML to keep 4 KB would hold up every other call.
 * What is counted is never more than what is written, so that nothing before the cut is missing.
 */
function prune(value: unknown, budget: { left: number }): unknown {
  if (typeof value === "string") {
    budget.left -= value.length;
    return value.length > MAX_KEPT_BYTES ? value.slice(0, MAX_KEPT_BYTES + 1) : value;
  }
  budget.left -= 1;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      if (budget.left < 0) break;
      items.push(prune(item, budget));
    }
    return items;
  }
  const fields: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (budget.left < 0) break;
    budget.left -= key.length;
    fields.push([key, prune(inner, budget)]);
  }
  return Object.fromEntries(fields);
}
