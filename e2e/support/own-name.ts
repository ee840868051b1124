let made = 0;

/** A name that no other test uses, also not one of an earlier run against the same installation. */
export function ownName(what: string): string {
  made += 1;
  return `e2e-${what}-${Date.now().toString(36)}${made}`;
}
