import type { IncomingMessage } from "node:http";
import type { NamedProfile } from "../kept/kept-token.ts";
import { chooseProfile } from "../kept/profiles.ts";
import { currentToken } from "../kept/tokens.ts";
import { readAddress } from "../oauth/metadata.ts";
import { type ExitReason, Failure } from "../program/failure.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { parseJson, readText, send } from "./send.ts";

type Query = Record<string, string | number | undefined>;

export interface Ask {
  query?: Query;
  /** Sent as JSON, by POST. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  silentMs?: number;
}

/** An installation's API, as the person who is signed in. */
export interface Api {
  /** The console's address. */
  url: string;
  /** What a success says. @throws Failure with the API's own message */
  json<Answer>(path: string, ask?: Ask): Promise<Answer>;
  /** A success whose body streams. @throws as `json` */
  stream(path: string, ask?: Ask): Promise<IncomingMessage>;
}

/** @throws Failure `notSignedIn` */
export function openApi(terminal: Terminal, profileName: string | undefined): Api {
  const { KUBEWITNESS_CLI_URL: url, KUBEWITNESS_CLI_TOKEN: token } = terminal.env;
  if (token && profileName === undefined) {
    if (!url)
      throw new Failure(
        "usage",
        "KUBEWITNESS_CLI_TOKEN is set: set KUBEWITNESS_CLI_URL, too, to the console's address.",
      );
    const address = readAddress(url, { allowHttp: false });
    return apiOf({ url: address, certificateAuthority: null }, async (refused) => {
      if (refused)
        throw new Failure(
          "notSignedIn",
          "KUBEWITNESS_CLI_TOKEN does not count (any more): make another key in the console.",
        );
      return token;
    });
  }
  return apiOfProfile(terminal, chooseProfile(terminal, profileName));
}

export const apiOfProfile = (terminal: Pick<Terminal, "env">, profile: NamedProfile): Api =>
  apiOf(profile, async (not) => (await currentToken({ terminal, profile, not })).token);

type Place = Pick<NamedProfile, "url" | "certificateAuthority">;

function apiOf(place: Place, token: (refused?: string) => Promise<string>): Api {
  const stream = async (path: string, ask: Ask = {}): Promise<IncomingMessage> => {
    const first = await token();
    const answer = await sendAs(first, place, path, ask);
    if (answer.statusCode !== 401) return requireSuccess(place, path, answer);
    // Revoked since it was kept, or of a sign-in that is over: that says the refresh.
    answer.resume();
    return requireSuccess(place, path, await sendAs(await token(first), place, path, ask));
  };
  return {
    url: place.url,
    stream,
    json: async <Answer>(path: string, ask?: Ask) => {
      const text = await readText(new URL(place.url), await stream(path, ask));
      return parseJson(text) as Answer;
    },
  };
}

function sendAs(
  token: string,
  { url, certificateAuthority }: Place,
  path: string,
  ask: Ask,
): Promise<IncomingMessage> {
  const address = new URL(`${url}${path}`);
  for (const [name, value] of Object.entries(ask.query ?? {}))
    if (value !== undefined) address.searchParams.set(name, String(value));
  const body = ask.body === undefined ? undefined : JSON.stringify(ask.body);
  return send({
    url: address,
    certificateAuthority,
    method: body === undefined ? "GET" : "POST",
    headers: {
      Authorization: `Bearer ${token}`,
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...ask.headers,
    },
    body,
    signal: ask.signal,
    silentMs: ask.silentMs,
  });
}

const REASONS: Record<number, ExitReason> = {
  400: "usage",
  401: "notSignedIn",
  403: "refused",
  404: "refused",
  409: "refused",
  413: "usage",
};

async function requireSuccess(
  { url }: Place,
  path: string,
  answer: IncomingMessage,
): Promise<IncomingMessage> {
  const { statusCode = 0 } = answer;
  if (statusCode >= 200 && statusCode < 300) return answer;
  const address = new URL(url);
  const body = parseJson(await readText(address, answer)) as { code?: string; message?: string } | undefined;
  if (typeof body?.message !== "string")
    throw new Failure(
      "failed",
      `${url} answered ${statusCode} to ${path}. Is it the address of the console?`,
    );
  throw new Failure(REASONS[statusCode] ?? "failed", withAdvice(url, body.code, body.message, answer));
}

function withAdvice(
  url: string,
  code: string | undefined,
  message: string,
  { headers }: IncomingMessage,
): string {
  if (code === "unauthenticated") return `${message} Run: kubewitness login ${url}`;
  if (code === "second_factor_required")
    return `${message} Show one in the console, ${url}, and sign in anew: kubewitness login ${url}`;
  const wait = headers["retry-after"];
  return wait ? `${message} Try again in ${wait} s.` : message;
}
