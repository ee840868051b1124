import { redactKnownSecrets } from "../../audit/redaction/redact-text.ts";

/** More of what somebody unknown wrote is not looked at. */
const MOST_READ = 8_192;
/** More of it is not kept. */
const MOST_KEPT = 500;

/**
 * What somebody wrote who is not known, as it may go on the record and into the log: bounded, and without what is told to be a secret by its form.
 * Whoever mistakes one field for another writes a password where a name belongs.
 */
export function recordableText(text: string): string {
  const redacted = redactKnownSecrets(text.slice(0, MOST_READ));
  return redacted.length <= MOST_KEPT ? redacted : `${redacted.slice(0, MOST_KEPT)}…`;
}
