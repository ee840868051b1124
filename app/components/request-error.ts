/** One wrong input of a request, as the API names it. */
export interface RequestErrorDetail {
  field: string;
  got?: string;
  takes?: string;
  /** Zero-based character range within the field's text. */
  range?: { start: number; end: number };
}

/** An answer of the API that is not a success, or none at all (`status` 0). */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: RequestErrorDetail[];
  readonly requestId: string | null;

  constructor(input: {
    status: number;
    code: string;
    message: string;
    details?: RequestErrorDetail[];
    requestId?: string | null;
  }) {
    super(input.message);
    this.name = "RequestError";
    this.status = input.status;
    this.code = input.code;
    this.details = input.details ?? [];
    this.requestId = input.requestId ?? null;
  }
}

/** Whether something behind the gateway is away or slow, so that asking again later may help. That the gateway itself is gone is another thing. */
export function isOutage(error: unknown): boolean {
  return error instanceof RequestError && (error.status >= 500 || error.code === "timeout");
}
