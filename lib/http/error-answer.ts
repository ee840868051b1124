import { explainOutage } from "../db/outage.ts";
import { AppError, type ErrorBody } from "../errors.ts";

export interface ErrorAnswer {
  status: number;
  /** WWW-Authenticate and Retry-After, where they belong to it. */
  headers: Record<string, string>;
  body: ErrorBody;
}

/** Turns anything thrown into what a caller may see. A database that is away is `unavailable`; unknown errors keep their text to themselves. */
export function toErrorAnswer(thrown: unknown): ErrorAnswer {
  const error = explainOutage(thrown);
  if (error instanceof AppError)
    return { status: error.httpStatus, headers: headersOf(error), body: bodyOf(error) };
  return {
    status: 500,
    headers: {},
    body: {
      code: "internal",
      message: "The server failed to answer. Try again; the log has the request's id.",
    },
  };
}

function bodyOf({ code, message, details }: AppError): ErrorBody {
  return details.length > 0 ? { code, message, details } : { code, message };
}

function headersOf({ httpStatus, retryAfterSeconds }: AppError): Record<string, string> {
  const headers: Record<string, string> = {};
  if (httpStatus === 401) headers["WWW-Authenticate"] = "Bearer";
  if (retryAfterSeconds !== null) headers["Retry-After"] = String(retryAfterSeconds);
  return headers;
}
