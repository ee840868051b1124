import { z } from "zod";
import { attendance } from "./attendance.ts";
import { gatewayConnection, isAnswerOfGateway } from "./connection/gateway-connection.ts";
import { RequestError } from "./request-error.ts";
import { showFactorIfDemanded } from "./second-factor/ask-factor.ts";
import { leaveForSignIn, sessionIsAlive } from "./session-end.ts";

const AnswerError = z.object({
  code: z.string(),
  message: z.string(),
  details: z
    .array(
      z.object({
        field: z.string(),
        got: z.string().optional(),
        takes: z.string().optional(),
        range: z.object({ start: z.number(), end: z.number() }).optional(),
      }),
    )
    .optional(),
});

/** How long an answer may take before the page says that the database does not answer. */
const DEADLINE = 10_000;

/**
 * Asks the API and checks the answer's shape. Throws RequestError for every other answer; a session that ended sends the
 * viewer to the sign-in page and back, unless a form holds the page.
 */
export async function requestJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  init: RequestInit = {},
): Promise<z.infer<Schema>> {
  const response = await requestAnswer(path, init);
  if (!response.ok) throw await readError(response);
  sessionIsAlive();
  return schema.parse(response.status === 204 ? undefined : await response.json());
}

/** Sends a change whose answer is a text. Throws RequestError for every answer that is not a success. */
export async function sendForText(path: string, body: unknown): Promise<string> {
  const response = await requestAnswer(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "*/*" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await readError(response);
  return response.text();
}

/** Sends a change; the body is JSON. */
export function sendJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  body?: unknown,
): Promise<z.infer<Schema>> {
  return requestJson(path, schema, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

/** Sends the request again once a second factor was shown that its answer demanded. */
async function requestAnswer(path: string, init: RequestInit): Promise<Response> {
  const response = await requestOnce(path, init);
  return (await showFactorIfDemanded(response)) ? requestOnce(path, init) : response;
}

async function requestOnce(path: string, init: RequestInit): Promise<Response> {
  const deadline = AbortSignal.timeout(DEADLINE);
  const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  try {
    const response = await fetch(path, {
      ...init,
      signal,
      headers: { accept: "application/json", ...attendance(), ...init.headers },
    });
    if (isAnswerOfGateway(response)) gatewayConnection.noteAnswer();
    else gatewayConnection.noteSilence();
    return response;
  } catch (error) {
    if (init.signal?.aborted) throw error;
    const late = deadline.aborted;
    if (late) gatewayConnection.noteDoubt();
    else gatewayConnection.noteSilence();
    throw new RequestError({
      status: 0,
      code: late ? "timeout" : "unreachable",
      message: late ? "The gateway did not answer in 10 s." : "The gateway could not be reached.",
    });
  }
}

/** Turns an answer that is not a success into an error that can be shown. */
export async function readError(response: Response): Promise<RequestError> {
  const requestId = response.headers.get("x-request-id");
  const body = AnswerError.safeParse(await response.json().catch(() => null));
  if (response.status === 401) leaveForSignIn();
  if (!body.success) {
    const message = `The gateway answered with status ${response.status}.`;
    return new RequestError({ status: response.status, code: "unknown", message, requestId });
  }
  return new RequestError({ status: response.status, ...body.data, requestId });
}
