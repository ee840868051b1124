/** Uses of one folder by another, as `[from, to]`, that close a circle and are let be until they are mended. None is added. */
export const KNOWN_CYCLES: readonly (readonly [string, string])[] = [
  ["lib/audit", "lib/audit/events"],
  ["lib/audit", "lib/audit/writer"],
  ["lib/audit/journal", "lib/audit"],
  ["lib/audit/query", "lib/audit/events"],
  ["lib/audit/redaction", "lib/audit/requests"],
  ["lib/audit/writer", "lib/audit/requests"],
  ["lib/identity", "lib/identity/tokens"],
  ["lib/identity/sessions", "lib/identity"],
  ["lib/identity/sessions", "lib/identity/applications"],
  ["lib/identity/sessions", "lib/identity/people"],
  ["lib/identity/sessions", "lib/identity/tokens"],
  ["lib/identity/tokens", "lib/identity/people"],
];
