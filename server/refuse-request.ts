import type { IncomingMessage, ServerResponse } from "node:http";
import type { AppError } from "../lib/errors.ts";
import { toErrorAnswer } from "../lib/http/error-answer.ts";
import { endUnread } from "./end-unread.ts";

/** Answers a request that nobody is to see, in the API's shape, and closes its connection, whatever still comes on it. */
export function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  error: AppError,
  status = error.httpStatus,
): void {
  const { headers, body } = toErrorAnswer(error);
  const text = Buffer.from(JSON.stringify(body));
  response.on("error", () => response.destroy());
  response.writeHead(status, {
    ...headers,
    "Content-Type": "application/json",
    "Content-Length": text.length,
    "Cache-Control": "no-store",
    Connection: "close",
  });
  endUnread(request, response, text);
}
