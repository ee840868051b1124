import { randomBytes } from "node:crypto";
import { stringifySetCookie } from "cookie";

/** How long a sign-in may take at the identity provider: a second factor has to be found, a password to be reset. */
export const ATTEMPT_SECONDS = 3_600;
/** Attempts of one browser that are kept; what was begun in further tabs before them has to be begun again. */
const MOST_ATTEMPTS = 5;

const ATTEMPT_ID = /^[0-9a-z]{1,10}-[\w-]{22}$/;

/** The `state` of a new attempt (RFC 6749, section 10.12): when it began, to tell the oldest, and 128 random bits. */
export function newAttemptId(): string {
  return `${Math.floor(Date.now() / 1_000).toString(36)}-${randomBytes(16).toString("base64url")}`;
}

export const isAttemptId = (text: string | null): text is string => text !== null && ATTEMPT_ID.test(text);

const optionsOf = (secure: boolean) => {
  return { httpOnly: true, sameSite: "lax" as const, path: "/api/auth", secure };
};

export interface AttemptName {
  id: string;
  /** The id of the provider that it is with. */
  provider: string;
}

const prefixOf = (secure: boolean) => `${secure ? "__Secure-" : ""}kubewitness.sign-in.`;

/**
 * next-auth's cookies of one attempt, each under a name of its own: two tabs that sign in at once do not take each other's. Who brings
 * the `state` of another browser's attempt, or of one with another provider, has no cookie of that name.
 */
export function attemptCookies({ id, provider }: AttemptName, { secure }: { secure: boolean }) {
  const options = { ...optionsOf(secure), maxAge: ATTEMPT_SECONDS };
  const named = (part: string) => ({ name: `${prefixOf(secure)}${id}.${provider}.${part}`, options });
  return { pkceCodeVerifier: named("pkce"), nonce: named("nonce"), begun: named("begun") };
}

/** `Set-Cookie` lines that end a browser's oldest attempts, so that its requests do not grow without end. */
export function endOldAttempts(names: readonly string[], { secure }: { secure: boolean }): string[] {
  const prefix = prefixOf(secure);
  // What a client calls its cookies may be no name at all, which no line can end.
  const own = names.filter((name) => name.startsWith(prefix) && /^[\w.-]+$/.test(name));
  const attempts = [...new Set(own.map((name) => name.slice(prefix.length).split(".")[0] ?? ""))];
  const old = attempts.sort(byTime).slice(0, Math.max(0, attempts.length - (MOST_ATTEMPTS - 1)));
  const ended = own.filter((name) => old.some((attempt) => name.startsWith(`${prefix}${attempt}.`)));
  return ended.map((name) => stringifySetCookie({ name, value: "", ...optionsOf(secure), maxAge: 0 }));
}

const timeOf = (attempt: string) => Number.parseInt(attempt.split("-")[0] ?? "", 36) || 0;
const byTime = (a: string, b: string) => timeOf(a) - timeOf(b);
