import { toErrorAnswer } from "../../../lib/http/error-answer.ts";
import { readRequestText } from "../../../lib/http/request-text.ts";
import { type JsonObject, readJsonObject } from "../../../lib/identity/scim/protocol/read-json.ts";
import { errorBody, ScimError } from "../../../lib/identity/scim/protocol/scim-error.ts";
import { recordRefused } from "../../../lib/identity/scim/requests/record-refused.ts";
import { requireRate } from "../../../lib/identity/scim/requests/request-rate.ts";
import { authenticateScim, type ScimClient } from "../../../lib/identity/scim/tokens/authenticate-scim.ts";
import { MOST_SCIM_BYTES } from "../../../lib/limits/body-sizes.ts";
import { log } from "../../../lib/log.ts";
import { takeRequestPlace } from "../../api/request-places.ts";

export interface ScimRequest {
  client: ScimClient;
  /** Of the address; empty where it has none. */
  id: string;
  search: URLSearchParams;
  /** The body as a JSON object. @throws ScimError */
  body(): Promise<JsonObject>;
}

interface ScimAnswer {
  status?: number;
  /** Of the answer's resource, where one was made. */
  location?: string;
  /** Left out: no content. */
  body?: object;
}

type Route = { params: Promise<{ id?: string; path?: string[] } | undefined> };
export type ScimHandler = (request: Request, route: Route) => Promise<Response>;

/**
 * A route handler of SCIM: who asks, whether they may now, the verb, and its answer or error as RFC 7644, section 3.12 has them. `kind`: what
 * a change is of; one that is refused is an event.
 */
export function handleScim(
  kind: "User" | "Group" | null,
  run: (request: ScimRequest) => Promise<ScimAnswer>,
): ScimHandler {
  return async (request, route) => {
    let leave = () => {};
    let client: ScimClient | null = null;
    // Next gives a route without parameters none at all.
    const { id = "" } = (await route.params) ?? {};
    try {
      client = await authenticateScim(request.headers);
      leave = await takeRequestPlace(client.ctx, request.signal);
      requireRate(client.tokenId);
      const answer = await run({
        client,
        id,
        search: new URL(request.url).searchParams,
        body: async () => readJsonObject(await readRequestText(request, MOST_SCIM_BYTES)),
      });
      return respond(answer.status ?? 200, answer.body, answer.location ? { Location: answer.location } : {});
    } catch (error) {
      return await refuse(error, { request, client, kind, id });
    } finally {
      leave();
    }
  };
}

interface Asked {
  request: Request;
  client: ScimClient | null;
  kind: "User" | "Group" | null;
  id: string;
}

async function refuse(error: unknown, { request, client, kind, id }: Asked): Promise<Response> {
  if (error instanceof ScimError) {
    if (client && kind) await recordRefused(client, { method: request.method, kind, id: id || null }, error);
    return respond(error.status, errorBody(error.status, error.message, error.scimType));
  }
  const { status, headers, body } = toErrorAnswer(error);
  if (status >= 500 && !request.signal.aborted) {
    log.error({ err: error, path: new URL(request.url).pathname }, "a SCIM request failed");
  }
  return respond(status, errorBody(status, body.message), headers);
}

function respond(status: number, body: object | undefined, headers: Record<string, string> = {}): Response {
  const all = {
    "Cache-Control": "no-store",
    "Content-Type": "application/scim+json; charset=utf-8",
    ...headers,
  };
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: all });
}
