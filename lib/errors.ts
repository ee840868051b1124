/** What can go wrong, as a closed set. The code decides the HTTP status and what a caller may be told. */
export type ErrorCode =
  | "invalid_argument"
  | "unauthenticated"
  | "permission_denied"
  /** Permitted, once a second factor is shown in this session. */
  | "second_factor_required"
  | "not_found"
  | "conflict"
  | "payload_too_large"
  | "resource_exhausted"
  | "unavailable"
  | "internal";

const HTTP_STATUS: Record<ErrorCode, number> = {
  invalid_argument: 400,
  unauthenticated: 401,
  permission_denied: 403,
  second_factor_required: 403,
  not_found: 404,
  conflict: 409,
  payload_too_large: 413,
  resource_exhausted: 429,
  unavailable: 503,
  internal: 500,
};

/** One wrong input: its name, what was given (never a secret) and what is taken. */
export interface ErrorDetail {
  field: string;
  got?: string;
  takes?: string;
  /** Zero-based character range within the field's text, where that helps (filter expressions). */
  range?: { start: number; end: number };
  /** Where in the field's text, of several lines, it is: both from 1. */
  position?: { line: number; column: number };
}

/**
 * The one error of the house for expected failures. `message` is safe to show: it says what happened and what to do
 * next. Anything else that is thrown is a defect and is shown as `internal` without its text.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetail[];
  /** Of `resource_exhausted` and `unavailable`: when to try again, for the header Retry-After. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: ErrorDetail[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }

  get httpStatus(): number {
    return HTTP_STATUS[this.code];
  }
}

/** The JSON body of an error answer of the API: `{code, message, details?}`. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  details?: ErrorDetail[];
}
