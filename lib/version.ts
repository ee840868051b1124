/** The version of the gateway, as package.json has it (lib/version.test.ts). */
export const VERSION = "0.1.0";

/** Whether a version is older than another, by their numbers (Semantic Versioning, section 11, without what follows a hyphen). What is no version is not. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [numbersOf(version), numbersOf(than)];
  if (!one || !other) return false;
  const at = one.findIndex((number, index) => number !== other[index]);
  return at >= 0 && one[at]! < other[at]!;
}

function numbersOf(version: string): number[] | null {
  const match = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:[-+].*)?$/.exec(version);
  return match?.slice(1).map(Number) ?? null;
}
