/** The values of each name, in order. */
export type Query = ReadonlyMap<string, readonly string[]>;

/**
 * A query by the rules of Go's `url.ParseQuery`, which kube-apiserver uses: a pair with a semicolon or a broken escape is
 * dropped, "+" is a space. `URLSearchParams` keeps such pairs, and would see parameters that the API server does not.
 */
export function parseQuery(query: string): Query {
  const result = new Map<string, string[]>();
  const body = query.startsWith("?") ? query.slice(1) : query;
  if (body === "") return result;
  for (const pair of body.split("&")) {
    if (pair === "" || pair.includes(";")) continue;
    const equals = pair.indexOf("=");
    const name = decodeComponent(equals === -1 ? pair : pair.slice(0, equals));
    const value = decodeComponent(equals === -1 ? "" : pair.slice(equals + 1));
    if (name === null || value === null) continue;
    const values = result.get(name);
    if (values === undefined) result.set(name, [value]);
    else values.push(value);
  }
  return result;
}

/** Only absence, "false" and "0" are false, as apimachinery's conversion has it. */
export function isTrue(query: Query, name: string): boolean {
  const value = query.get(name)?.[0];
  return value !== undefined && value !== "0" && value.toLowerCase() !== "false";
}

function decodeComponent(text: string): string | null {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return null;
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    // Go keeps bytes that are not UTF-8; replaced here, they still match no name that is.
    return Buffer.from(
      spaced.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
      "latin1",
    ).toString("utf8");
  }
}
