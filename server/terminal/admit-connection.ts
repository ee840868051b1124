import type { IncomingMessage } from "node:http";
import type { Context } from "../../lib/context.ts";
import { AppError } from "../../lib/errors.ts";
import { recordFailedAuthentication } from "../../lib/identity/failed-authentication/record.ts";
import { recordableText } from "../../lib/identity/failed-authentication/recordable-text.ts";
import { readSessionCookie } from "../../lib/identity/request-context.ts";
import { findSession } from "../../lib/identity/sessions/find-session.ts";
import { TERMINAL_PROTOCOL, TICKET_PROTOCOL_PREFIX } from "../../lib/terminal/sessions/schema.ts";
import type { Terminal } from "../../lib/terminal/sessions/terminal.ts";
import { requireOwner } from "../../lib/terminal/sessions/terminal-owner.ts";
import type { Terminals } from "../../lib/terminal/sessions/terminals.ts";

export interface AskedConnection {
  request: IncomingMessage;
  terminalId: string;
  /** Of the browser; null where it cannot be told. */
  clientIp: string | null;
  /** Where browsers reach the console. */
  publicUrl: string;
  terminals: Terminals;
}

/**
 * Whether a WebSocket may be connected to a terminal: it comes from a page of the console to the letter, with the cookie of the session that opened the terminal, and a
 * ticket that has not been used. A page of another site has the cookie but neither of the others (cross-site WebSocket hijacking, CWE-1385). What is refused is an event, as a
 * failed authentication.
 * @throws AppError that says why not; the same for a terminal of somebody else's and none at all.
 */
export async function admitConnection(asked: AskedConnection): Promise<Terminal> {
  const { request, terminalId, publicUrl, terminals } = asked;
  const stranger = strangerOf(asked);
  const { origin } = request.headers;
  if (origin !== publicUrl) {
    const from = origin === undefined ? "no page" : "another page";
    throw await refused(
      stranger,
      terminalId,
      "permission_denied",
      `it comes from ${from}, and not from ${publicUrl}`,
    );
  }
  const cookie = readSessionCookie(new Headers({ cookie: request.headers.cookie ?? "" }));
  const session = cookie === null ? null : await findSession(cookie);
  if (session === null) {
    throw await refused(
      stranger,
      terminalId,
      "unauthenticated",
      "it comes without a console session that counts",
    );
  }
  const ticket = readTicket(request);
  const ctx = { ...stranger, ...session };
  const terminal = ticket === null ? null : terminals.redeem(requireOwner(ctx), { terminalId, ticket });
  if (terminal) return terminal;
  const problem =
    ticket === null
      ? "it brings no ticket"
      : "its ticket is used, too old, or another terminal's or session's";
  throw await refused(ctx, terminalId, "permission_denied", problem);
}

function strangerOf({ request, clientIp }: AskedConnection): Context {
  const userAgent = request.headers["user-agent"];
  return {
    actor: { kind: "anonymous" },
    sourceIp: clientIp,
    userAgent: userAgent === undefined ? null : recordableText(userAgent),
    requestId: crypto.randomUUID(),
  };
}

async function refused(
  ctx: Context,
  terminalId: string,
  code: "permission_denied" | "unauthenticated",
  problem: string,
): Promise<AppError> {
  const error = `a connection to a terminal of the web shell was refused: ${problem}`;
  await recordFailedAuthentication(ctx, { error, entityId: terminalId });
  return new AppError(code, `The connection to the terminal is refused: ${problem}.`);
}

/** The ticket is in a subprotocol: an address would be in logs and histories. Null where there is not just one. */
function readTicket(request: IncomingMessage): string | null {
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const tickets = offered.filter((name) => name.startsWith(TICKET_PROTOCOL_PREFIX));
  if (!offered.includes(TERMINAL_PROTOCOL) || tickets.length !== 1) return null;
  return tickets[0]!.slice(TICKET_PROTOCOL_PREFIX.length);
}
