import { STATUS_CODES } from "node:http";
import type { Outcome } from "../destination/outcome.ts";
import type { Answer } from "./receiver.ts";

/** No receiver is left alone for longer, whatever it asks for. */
const MOST_WAIT_MS = 3_600_000;
const MOST_QUOTED = 300;
/** What is shorter stands in any text. */
const LEAST_SECRET = 4;

type Refusal = Exclude<Outcome, { is: "taken" } | { is: "partly" }>;

/**
 * What an answer means that does not say 2xx; null where it does. `secrets`: a receiver may send back what it was given, and no error shows it.
 * `now`: milliseconds since 1970.
 */
export function judge(
  answer: Answer,
  { secrets, now }: { secrets: readonly string[]; now: number },
): Refusal | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const reason = `it answered ${status}${nameOf(status)}${quote(answer, secrets)}`;
  if (status === 410) return { is: "gone", reason };
  if (status === 413) return { is: "tooLarge", reason };
  if (status === 400 || status === 422) return { is: "refused", because: "records", reason };
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return { is: "later", reason, ...waitOf(answer, now) };
  return { is: "refused", because: "access", reason: `${reason}${ADVICE[status] ?? adviceOf(status)}` };
}

const ADVICE: Readonly<Record<number, string>> = {
  401: ": check the token or password",
  403: ": check what its token or account may",
  404: ": check the path of its address",
  405: ": check the path of its address",
  415: ": turn off compression, or check the path of its address",
};
const adviceOf = (status: number) =>
  status >= 300 && status < 400 ? ": redirects are not followed; give the address that it leads to" : "";

function nameOf(status: number): string {
  const name = STATUS_CODES[status];
  return name ? ` (${name})` : "";
}

/** RFC 9110, section 10.2.3: seconds, or a date. */
function waitOf({ headers }: Answer, now: number): { retryAfterMs?: number } {
  const value = headers["retry-after"];
  if (typeof value !== "string") return {};
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  if (Number.isNaN(wait) || wait < 0) return {};
  return { retryAfterMs: Math.min(wait, MOST_WAIT_MS) };
}

/** The beginning of what a receiver said, in one line. */
function quote({ body }: Answer, secrets: readonly string[]): string {
  const text = withoutSecrets(body.toString("utf8"), secrets)
    .replace(/[\s\p{Cc}\ufffd]+/gu, " ")
    .trim();
  if (text === "") return "";
  return `: ${text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text}`;
}

/** The text without what was given to the receiver in confidence. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= LEAST_SECRET)
    .reduce((left, secret) => left.replaceAll(secret, "[secret]"), text);
}
