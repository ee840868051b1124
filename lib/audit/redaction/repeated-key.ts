const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/gs;

/**
 * Whether an object in a text of JSON has a key twice. kube-apiserver only warns of it and puts what both say together, where JavaScript takes the last one
 * alone: what is parsed is then not what was carried out. `value`: the text, parsed.
 */
export function hasRepeatedKey(text: string, value: unknown): boolean {
  let written = 0;
  for (const [, colon] of text.matchAll(STRING)) if (colon !== undefined) written += 1;
  return written !== countKeys(value);
}

function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const items = Object.values(value);
  return (
    (Array.isArray(value) ? 0 : items.length) + items.reduce((sum: number, item) => sum + countKeys(item), 0)
  );
}
