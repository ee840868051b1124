import { createHash } from "node:crypto";
import { isFields } from "../objects/fields.ts";

const alphabet = "bcdfghjklmnpqrstvwxz2456789";

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, canonical(value[name])]),
  );
}

/** A short name for a template's content, in the letters that Kubernetes uses for generated names. */
export function templateHash(template: unknown, length = 10): string {
  const digest = createHash("sha256")
    .update(JSON.stringify(canonical(template)))
    .digest();
  return Array.from(digest.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join("");
}
