import type { IncomingMessage } from "node:http";
import { Secret, TOTP } from "otpauth";
import { config } from "../lib/config.ts";
import { type ConsoleRole, systemContext } from "../lib/context.ts";
import { attachClientAddress } from "../lib/identity/forwarded-client.ts";
import { addLocalPerson } from "../lib/identity/local/people/mutations.ts";
import { beginSetUp } from "../lib/identity/local/set-up/begin.ts";
import { finishSetUp } from "../lib/identity/local/set-up/mutations.ts";
import { contextFromRequest } from "../lib/identity/request-context.ts";
import { sessionCookieName } from "../lib/identity/sessions/token.ts";
import type { TestInstallation } from "./installation.ts";

const PASSWORD = "correct horse battery staple";
const STEP_MS = 30_000;

/** The code of an authenticator app with this secret; `ahead`: so many steps of 30 seconds from now. */
export function appCode(secret: string, ahead = 0): string {
  const app = new TOTP({ secret: Secret.fromBase32(secret) });
  return app.generate({ timestamp: Date.now() + ahead * STEP_MS });
}

export interface LocalPerson {
  userId: string;
  email: string;
  password: string;
  secret: string;
  recoveryCodes: string[];
  /** A code of the app, as if none had been used in this minute. */
  freshCode(): Promise<string>;
}

let made = 0;

/** A local person who has set up password and app. */
export async function newLocalPerson(
  { prisma }: TestInstallation,
  { consoleRole = "user" as ConsoleRole } = {},
): Promise<LocalPerson> {
  const email = `local-${++made}@acme.example`;
  const input = { email, name: `Person ${made}`, consoleRole };
  const { code } = await addLocalPerson({ ctx: systemContext("test"), input });
  const ctx = { ...systemContext("test"), actor: { kind: "anonymous" as const } };
  const { secret } = await beginSetUp({ ctx, input: { code, password: PASSWORD } });
  const finished = await finishSetUp({ ctx, input: { code, appCode: appCode(secret) } });
  const freshCode = async () => {
    await prisma.authenticatorApp.update({ where: { userId: finished.userId }, data: { lastStep: 0 } });
    return appCode(secret);
  };
  return { ...finished, email, password: PASSWORD, secret, freshCode };
}

/** A request of the console's own page, as the console's server hands it on. */
export function pageRequest(
  body: unknown,
  {
    address = "192.0.2.1",
    cookie,
    origin = config().publicUrl,
    method = "POST",
  }: { address?: string; cookie?: string; origin?: string; method?: string } = {},
): Request {
  const headers: Record<string, string> = {
    origin,
    "content-type": "application/json",
    "user-agent": "Firefox",
  };
  if (cookie !== undefined) headers.cookie = `${sessionCookieName(config().publicUrl)}=${cookie}`;
  attachClientAddress({ headers } as unknown as IncomingMessage, address);
  const hasBody = method !== "GET" && body !== undefined;
  return new Request(`${config().publicUrl}/api/v1/x`, {
    method,
    headers,
    body: hasBody ? JSON.stringify(body) : undefined,
  });
}

export const noParams = { params: Promise.resolve({}) };

/** The value of the session's cookie that an answer sets; null where it sets none. */
export function cookieOf(answer: Response): string | null {
  const [line = ""] = answer.headers.getSetCookie();
  return /^[^=]+=([^;]+)/.exec(line)?.[1] ?? null;
}

/** Who comes with this cookie. */
export const contextOf = (cookie: string) => contextFromRequest(pageRequest(undefined, { cookie }));
