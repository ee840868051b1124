import { STATUS_CODES } from "node:http";

/** Reasons of metav1.Status that the gateway itself gives. */
export type StatusReason =
  | "BadRequest"
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "MethodNotAllowed"
  | "RequestEntityTooLarge"
  | "RequestHeaderFieldsTooLarge"
  | "Timeout"
  | "ExpectationFailed"
  | "NotAcceptable"
  | "UnsupportedMediaType"
  | "NotImplemented"
  | "BadGateway"
  | "ServiceUnavailable"
  | "InternalError"
  /** A change was sent to the cluster, and what became of it is not known. */
  | "OutcomeUnknown"
  /** The cluster answered a change, and the answer is not passed on. */
  | "OutcomeWithheld";

const CODES: Record<StatusReason, number> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  RequestEntityTooLarge: 413,
  RequestHeaderFieldsTooLarge: 431,
  Timeout: 408,
  ExpectationFailed: 417,
  NotAcceptable: 406,
  UnsupportedMediaType: 415,
  NotImplemented: 501,
  BadGateway: 502,
  ServiceUnavailable: 503,
  InternalError: 500,
  // Of the errors that no client repeats by itself, the one that blames what the answer depended on (RFC 4918 §11.4).
  OutcomeUnknown: 424,
  OutcomeWithheld: 424,
};

/** When a call that was refused for now may come again. */
const RETRY_AFTER_SECONDS = 1;

/** Why the gateway itself ends a call: an expected outcome of a stage, answered as a Kubernetes Status and recorded. */
export class Refusal {
  readonly reason: StatusReason;
  /** Shown to the client and kept in the record: what happened and what to do next, no secret. */
  readonly message: string;
  /** The client may send the same call again after so many seconds; null: nothing is said. Never where it was sent to a cluster. */
  readonly retryAfterSeconds: number | null;

  constructor(reason: StatusReason, message: string, retryAfterSeconds: number | null = null) {
    this.reason = reason;
    this.message = message;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** 503 of a call of which nothing was sent to a cluster: client-go sends it again by itself. */
  static tryAgain(message: string): Refusal {
    return new Refusal("ServiceUnavailable", message, RETRY_AFTER_SECONDS);
  }

  get code(): number {
    return CODES[this.reason];
  }
}

/** A refusal as it goes over the wire: the Status body and the headers that belong to it. */
export function encodeRefusal(refusal: Refusal): {
  code: number;
  phrase: string;
  headers: string[];
  body: Buffer;
} {
  const body = Buffer.from(
    JSON.stringify({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: refusal.message,
      reason: refusal.reason,
      code: refusal.code,
    }),
  );
  const headers = [
    ...["Content-Type", "application/json", "Cache-Control", "no-cache, private"],
    ...["X-Content-Type-Options", "nosniff", "Content-Length", String(body.length)],
  ];
  if (refusal.code === 401) headers.push("WWW-Authenticate", 'Bearer realm="kubewitness"');
  if (refusal.retryAfterSeconds !== null) headers.push("Retry-After", String(refusal.retryAfterSeconds));
  return { code: refusal.code, phrase: STATUS_CODES[refusal.code] ?? "", headers, body };
}
