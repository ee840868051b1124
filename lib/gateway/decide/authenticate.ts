import { KUBERNETES } from "../../access/key-scopes/schema.ts";
import { AppError } from "../../errors.ts";
import type { AuthenticatedToken } from "../../identity/actor/authenticated-token.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";

import type { Caller } from "../call/caller.ts";
import { entryActor } from "../call/entry-parts.ts";
import type { Gateway } from "../call/gateway.ts";
import type { Soon } from "../call/soon.ts";
import { findHeader } from "../request/raw-headers.ts";
import { shellCallOf } from "../request/shell-call.ts";
import { isWebSocketUpgrade, readSubprotocols } from "../request/subprotocols.ts";

const MAX_TOKEN_LENGTH = 4096;
const HOW_TO_SIGN_IN = "Sign in to the console, download a kubeconfig there and use its token.";

/** Who calls, by the bearer token: in the Authorization header or, as browsers must, in a WebSocket subprotocol. */
export function authenticate(gateway: Gateway, call: Call): Soon<Caller | Refusal> {
  const token = readToken(call);
  if (token instanceof Refusal) return token;
  try {
    const known = gateway.findAuthenticatedToken(token, { from: call.record.clientIp });
    return known === null ? lookUp(gateway, call, token) : admitCaller(call, token, known);
  } catch (error) {
    return refusalOf(error);
  }
}

async function lookUp(gateway: Gateway, call: Call, token: string): Promise<Caller | Refusal> {
  const leave = gateway.isTokenInUse(token) ? () => {} : gateway.strangers.takeLookUp(call.record.clientIp);
  if (leave === null) return tooManyStrangers();
  try {
    const authenticated = await gateway.authenticateToken(token, { from: call.record.clientIp });
    if (authenticated !== null) return admitCaller(call, token, authenticated);
    return new Refusal("Unauthorized", `The access token is unknown, expired or revoked. ${HOW_TO_SIGN_IN}`);
  } catch (error) {
    return refusalOf(error);
  } finally {
    leave();
  }
}

function admitCaller(call: Call, token: string, authenticated: AuthenticatedToken): Caller | Refusal {
  call.record.actor = entryActor(authenticated.actor);
  call.record.tokenId = authenticated.tokenId;
  if (authenticated.scopes?.includes(KUBERNETES) === false) {
    return new Refusal(
      "Forbidden",
      `the access token has no scope "${KUBERNETES}", which calls to clusters need. Use one that has it.`,
    );
  }
  return noteShell(call, authenticated) ?? { token, authenticated };
}

/** What the client is told of an error that is expected; any other is thrown. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof AppError && error.code === "unavailable") return Refusal.tryAgain(error.message);
  if (error instanceof AppError && error.code === "unauthenticated")
    return new Refusal("Unauthorized", error.message);
  throw error;
}

/** A terminal's token counts in that terminal alone, and what its relay says of a call is said of no other token's. */
function noteShell({ request, record }: Call, { terminal }: AuthenticatedToken): Refusal | null {
  const shell = shellCallOf(request);
  if (terminal?.id !== shell?.terminalId) {
    return new Refusal(
      "Unauthorized",
      `The access token is that of a web shell's terminal, and counts nowhere else. ${HOW_TO_SIGN_IN}`,
    );
  }
  record.shell = shell;
  return null;
}

function tooManyStrangers(): Refusal {
  const message =
    "Too many calls without a token that counts come from this address. Tokens in use go on; with another, try again in a second.";
  return new Refusal("TooManyRequests", message, 1);
}

const BEARER = /^bearer +([^ ]+) *$/i;

function readToken({ request, isUpgrade }: Call): string | Refusal {
  const { rawHeaders } = request;
  const at = findHeader(rawHeaders, "authorization");
  const line = at === -1 ? null : rawHeaders[at + 1]!;
  const isRepeated = at !== -1 && findHeader(rawHeaders, "authorization", at + 2) !== -1;
  const protocols = isUpgrade && isWebSocketUpgrade(request) ? readSubprotocols(rawHeaders) : null;
  if (isRepeated || (protocols !== null && protocols.tokens.length > (line === null ? 1 : 0))) {
    return new Refusal("Unauthorized", "More than one access token was given; give one.");
  }
  const token = line === null ? protocols?.tokens[0] : BEARER.exec(line)?.[1];
  if (token === undefined || token === "") {
    return new Refusal("Unauthorized", `No access token was given. ${HOW_TO_SIGN_IN}`);
  }
  if (token.length > MAX_TOKEN_LENGTH) return new Refusal("Unauthorized", "The access token is too long.");
  if (line === null && protocols?.offered.length === 0) {
    return new Refusal(
      "Unauthorized",
      "Beside the token's subprotocol the WebSocket must offer another one.",
    );
  }
  return token;
}
