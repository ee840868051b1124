import { KUBERNETES } from "../../access/key-scopes/schema.ts";
import { AppError } from "../../errors.ts";
import type { AuthenticatedToken } from "../../identity/actor/authenticated-token.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";
import { entryActor } from "../call/call-record.ts";
import type { Caller } from "../call/caller.ts";
import type { Gateway } from "../call/gateway.ts";
import { headerLines } from "../request/raw-headers.ts";
import { shellCallOf } from "../request/shell-call.ts";
import { isWebSocketUpgrade, readSubprotocols } from "../request/subprotocols.ts";

const MAX_TOKEN_LENGTH = 4096;
const HOW_TO_SIGN_IN = "Sign in to the console, download a kubeconfig there and use its token.";

/** Who calls, by the bearer token: in the Authorization header or, as browsers must, in a WebSocket subprotocol. */
export async function authenticate(gateway: Gateway, call: Call): Promise<Caller | Refusal> {
  const token = readToken(call);
  if (token instanceof Refusal) return token;
  const leave = gateway.isTokenInUse(token) ? () => {} : gateway.strangers.takeLookUp(call.record.clientIp);
  if (leave === null) return tooManyStrangers();
  try {
    const authenticated = await gateway.authenticateToken(token, { from: call.record.clientIp });
    if (authenticated === null) {
      return new Refusal(
        "Unauthorized",
        `The access token is unknown, expired or revoked. ${HOW_TO_SIGN_IN}`,
      );
    }
    call.record.actor = entryActor(authenticated.actor);
    call.record.tokenId = authenticated.tokenId;
    if (authenticated.scopes?.includes(KUBERNETES) === false) {
      return new Refusal(
        "Forbidden",
        `the access token has no scope "${KUBERNETES}", which calls to clusters need. Use one that has it.`,
      );
    }
    return noteShell(call, authenticated) ?? { token, authenticated };
  } catch (error) {
    if (error instanceof AppError && error.code === "unavailable") return Refusal.tryAgain(error.message);
    if (error instanceof AppError && error.code === "unauthenticated")
      return new Refusal("Unauthorized", error.message);
    throw error;
  } finally {
    leave();
  }
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

function readToken({ request, isUpgrade }: Call): string | Refusal {
  const lines = headerLines(request.rawHeaders, "authorization");
  const [line = ""] = lines;
  const protocols = isUpgrade && isWebSocketUpgrade(request) ? readSubprotocols(request.rawHeaders) : null;
  if (lines.length > 1 || (protocols !== null && protocols.tokens.length > (lines.length === 1 ? 0 : 1))) {
    return new Refusal("Unauthorized", "More than one access token was given; give one.");
  }
  const token = lines.length === 1 ? /^bearer +([^ ]+) *$/i.exec(line)?.[1] : protocols?.tokens[0];
  if (token === undefined || token === "") {
    return new Refusal("Unauthorized", `No access token was given. ${HOW_TO_SIGN_IN}`);
  }
  if (token.length > MAX_TOKEN_LENGTH) return new Refusal("Unauthorized", "The access token is too long.");
  if (lines.length === 0 && protocols?.offered.length === 0) {
    return new Refusal(
      "Unauthorized",
      "Beside the token's subprotocol the WebSocket must offer another one.",
    );
  }
  return token;
}
