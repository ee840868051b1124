import { STATUS_CODES } from "node:http";

/** Reasons of metav1.Status that the gateway itself gives. */
export type StatusReason =
  | "BadRequest"
  | "Unauthorized"
  | "Forbidden"
  /** An identity was asked for in a form that nobody may ask for. */
  | "MalformedImpersonation"
  | "NotFound"
  | "MethodNotAllowed"
  | "RequestEntityTooLarge"
  | "RequestHeaderFieldsTooLarge"
  | "Timeout"
  | "TooManyRequests"
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
  MalformedImpersonation: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  RequestEntityTooLarge: 413,
  RequestHeaderFieldsTooLarge: 431,
  Timeout: 408,
  TooManyRequests: 429,
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

/** Where another reason of metav1.Status is told: `kubectl auth whoami` puts words of its own in the place of what is Forbidden. */
const TOLD_AS: Partial<Record<StatusReason, string>> = { MalformedImpersonation: "BadRequest" };

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

/** Of the call that is answered. */
export interface AnsweredCall {
  /** The call's id, under which the record and the cluster's own audit log have it; null where there is no record. */
  auditId: string | null;
  /** client-go shows what a failed discovery says only where it is text. */
  asText: boolean;
}

/** An answer as it goes over the wire; `headers`: names and values in turn. */
export interface EncodedAnswer {
  code: number;
  phrase: string;
  headers: string[];
  body: Buffer;
}

/** A refusal as it goes over the wire: the Status body and the headers that belong to it. */
export function encodeRefusal(refusal: Refusal, { auditId, asText }: AnsweredCall): EncodedAnswer {
  const { code, message, retryAfterSeconds } = refusal;
  const body = asText ? `${message}\n` : JSON.stringify(statusOf(refusal, auditId));
  const answer = encodeBody(code, body, { auditId, contentType: asText ? TEXT : JSON_TYPE });
  if (code === 401) answer.headers.push("WWW-Authenticate", 'Bearer realm="kubewitness"');
  if (retryAfterSeconds !== null) answer.headers.push("Retry-After", String(retryAfterSeconds));
  return answer;
}

const JSON_TYPE = "application/json";
const TEXT = "text/plain; charset=utf-8";

/** An answer of the gateway's own. */
export function encodeBody(
  code: number,
  text: string,
  { auditId, contentType = JSON_TYPE }: { auditId: string | null; contentType?: string },
): EncodedAnswer {
  const body = Buffer.from(text);
  const headers = [
    ...["Content-Type", contentType, "Cache-Control", "no-cache, private"],
    ...["X-Content-Type-Options", "nosniff", "Content-Length", String(body.length)],
  ];
  if (auditId !== null) headers.push("Audit-ID", auditId);
  return { code, phrase: STATUS_CODES[code] ?? "", headers, body };
}

/** metav1.Status; the call's id is a cause, as `details.uid` is that of an object. */
function statusOf({ code, message, reason, retryAfterSeconds }: Refusal, auditId: string | null): object {
  const details = {
    ...(auditId !== null && { causes: [{ reason: "AuditID", message: auditId }] }),
    ...(retryAfterSeconds !== null && { retryAfterSeconds }),
  };
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason: TOLD_AS[reason] ?? reason,
    ...(Object.keys(details).length > 0 && { details }),
    code,
  };
}
