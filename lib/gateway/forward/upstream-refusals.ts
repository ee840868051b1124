import { AppError } from "../../errors.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Upstream } from "../call/gateway.ts";
import { type ToldCall, withoutAnswer } from "../record/outcome-refusals.ts";
import { isMutation, isSession, type RequestInfo } from "../request/request-info.ts";

/**
 * Why an answer of a cluster is not passed on, or null. A redirect (304 is none) would send the client past the gateway, or back
 * to it at another path (CVE-2020-8559), but for a proxied program's to itself. A 401 is about the gateway's credential, not the client's: passed on, it would make
 * clients sign in again for nothing; only a program behind `proxy` means its own client by it.
 */
export function refuseAnswer(
  statusCode: number,
  info: RequestInfo,
  upstream: Upstream,
  { mayRedirect }: { mayRedirect: boolean },
): Refusal | null {
  if (statusCode >= 300 && statusCode < 400 && statusCode !== 304 && !mayRedirect) {
    // A program behind a proxy answers so what it did carry out (RFC 9110 §15.4.4).
    const reason = isMutation(info) && !isSession(info) && !info.unwatched ? "OutcomeWithheld" : "BadGateway";
    const where = info.subresource === "proxy" ? " that leads away from the proxied program" : "";
    return new Refusal(
      reason,
      `The cluster answered with a redirect (${statusCode})${where}, which is not passed on.`,
    );
  }
  if (isRefusedCredential(statusCode, info)) {
    upstream.credentialRefused();
    return new Refusal(
      "BadGateway",
      "The cluster did not accept the gateway's own credential (401). An administrator must renew it in the console.",
    );
  }
  return null;
}

/** Whether an answer says that the cluster does not accept the gateway's own credential. */
export function isRefusedCredential(statusCode: number, info: RequestInfo): boolean {
  return statusCode === 401 && info.subresource !== "proxy";
}

/**
 * Why there is no answer, whatever transport it was to come by. Names the kind of failure; addresses and certificates stay in the
 * gateway's log, but for what an AppError says of itself: an address that may not be called, a credential that cannot be had.
 */
export function brokenUpstream(error: unknown, call: ToldCall): Refusal {
  if (error instanceof AppError && call.fate.kind === "not-sent") return refuseUnsent(error);
  const code = codeOf(error);
  const what =
    code === null ? "no valid answer came" : (EXPLANATIONS.get(code) ?? `no answer came (${code})`);
  if (call.fate.kind !== "not-sent" && call.info !== null && isMutation(call.info))
    return withoutAnswer(call, what);
  return new Refusal("BadGateway", `The cluster could not be called: ${what}.`);
}

/** For the log's line about it. What an AppError says is all there is to know: calls come by the hundred, and its stack is the same for each. */
export function loggedFailure(error: unknown): { error: string } | { err: unknown } {
  return error instanceof AppError ? { error: error.message } : { err: error };
}

/** What passes by itself may be sent again: kubectl does so, after so many seconds. */
function refuseUnsent({ message, retryAfterSeconds }: AppError): Refusal {
  return retryAfterSeconds === null
    ? new Refusal("BadGateway", message)
    : new Refusal("ServiceUnavailable", message, retryAfterSeconds);
}

const EXPLANATIONS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "its API server refuses connections"],
  ["ECONNRESET", "its API server closed the connection"],
  ["EPIPE", "its API server closed the connection"],
  ["ECONNABORTED", "the gateway closed the connection to its API server"],
  ["ETIMEDOUT", "its API server does not answer"],
  ["ERR_ANSWER_TIMEOUT", "its API server took too long"],
  ["EHOSTUNREACH", "there is no way to its API server"],
  ["ENETUNREACH", "there is no way to its API server"],
  ["ENOTFOUND", "its API server's name is unknown"],
  ["EAI_AGAIN", "its API server's name could not be looked up"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is not signed by the registered authority"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "its certificate is not signed by the registered authority"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "its certificate is not signed by the registered authority"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "its certificate is not signed by the registered authority"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another name"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["ERR_ANSWER_INVALID", "its answer is no HTTP/1.1"],
  ["ERR_ANSWER_INCOMPLETE", "its answer was not as long as announced"],
  ["ERR_ANSWER_HEAD_TOO_LARGE", "the headers of its answer are too large"],
]);

function codeOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : null;
}
