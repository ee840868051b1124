import { z } from "zod";
import { type Permission, refuseScopedKey, requirePermission } from "../../lib/access/permission.ts";
import type { Context } from "../../lib/context.ts";
import { AppError, type ErrorDetail } from "../../lib/errors.ts";
import { toErrorAnswer } from "../../lib/http/error-answer.ts";
import { readRequestText } from "../../lib/http/request-text.ts";
import { contextFromRequest } from "../../lib/identity/request-context.ts";
import { MOST_BODY_BYTES } from "../../lib/limits/body-sizes.ts";
import { log } from "../../lib/log.ts";
import { showValue } from "../../lib/names/shown-value.ts";
import { recordRefusedChange } from "./refused-change.ts";
import { takeRequestPlace } from "./request-places.ts";

type Parsed<S extends z.ZodType | undefined> = S extends z.ZodType ? z.output<S> : undefined;

export interface HandleOptions<
  Query extends z.ZodType | undefined,
  Body extends z.ZodType | undefined,
  Params extends z.ZodType | undefined,
> {
  /** What the caller must be permitted; `null` for routes that need no sign-in (token endpoint). */
  permission: Permission | null;
  /** Schema of the query string; without one it takes none. Use `z.strictObject`: an unknown parameter is an error, not ignored. */
  query?: Query;
  /** Schema of a JSON body; where it takes undefined, none has to be sent. */
  body?: Body;
  /** Its most bytes; 64 KB where it is left out. The server knows of others by their paths (lib/limits/body-sizes.ts). */
  mostBodyBytes?: number;
  /** Schema of the path's parameters. */
  params?: Params;
  /** What waits for a place of its own kind (an export) would keep others from those of all requests meanwhile. */
  hasOwnPlaces?: true;
}

export interface HandleInput<Q, B, P> {
  ctx: Context;
  request: Request;
  query: Q;
  body: B;
  params: P;
}

/**
 * A route handler: parses, checks the permission, calls one verb, maps errors to `{code, message, details}`.
 * Every answer carries `X-Request-Id`, and `Cache-Control: no-store` unless the handler says otherwise.
 */
export function handle<
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  Params extends z.ZodType | undefined = undefined,
>(
  options: HandleOptions<Query, Body, Params>,
  run: (input: HandleInput<Parsed<Query>, Parsed<Body>, Parsed<Params>>) => Promise<Response>,
): (request: Request, route: { params: Promise<unknown> }) => Promise<Response> {
  return async (request, route) => {
    let requestId: string = crypto.randomUUID();
    let response: Response;
    let leave = () => {};
    try {
      const ctx = await contextFromRequest(request);
      requestId = ctx.requestId;
      if (!options.hasOwnPlaces) leave = await takeRequestPlace(ctx, request.signal);
      await requireAllowed(ctx, request, options.permission);
      const query = parseQuery(options.query, new URL(request.url).searchParams) as Parsed<Query>;
      const params = parseWith(options.params, await route.params, "path") as Parsed<Params>;
      const body = parseWith(
        options.body,
        options.body ? await readJson(request, options) : undefined,
        "body",
      ) as Parsed<Body>;
      response = await run({ ctx, request, query, body, params });
    } catch (error) {
      const { status, headers, body } = toErrorAnswer(error);
      // Who has left gets no answer, and what ends with that is no failure.
      if (status >= 500 && !request.signal.aborted)
        log.error({ err: error, requestId, path: new URL(request.url).pathname }, "request failed");
      response = Response.json(body, { status, headers });
    } finally {
      leave();
    }
    response.headers.set("X-Request-Id", requestId);
    if (!response.headers.has("Cache-Control")) response.headers.set("Cache-Control", "no-store");
    return request.method === "HEAD" ? withoutBody(response) : response;
  };
}

/** A change that is refused here is an event. */
async function requireAllowed(ctx: Context, request: Request, permission: Permission | null): Promise<void> {
  try {
    if (permission !== null) requirePermission(ctx, permission);
    else if (!READS.has(request.method)) refuseScopedKey(ctx);
  } catch (error) {
    await recordRefusedChange(ctx, request, error);
    throw error;
  }
}

/** Next answers HEAD with GET's handler and lets the body be: what is streamed would stay open. */
async function withoutBody({ body, status, headers }: Response): Promise<Response> {
  await body?.cancel();
  return new Response(null, { status, headers });
}

const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

const NO_PARAMETERS = z.strictObject({});

function parseQuery(schema: z.ZodType | undefined, search: URLSearchParams): unknown {
  const given: Record<string, string> = Object.create(null);
  for (const [name, value] of search) {
    if (name in given) {
      throw new AppError("invalid_argument", `${name} is given more than once; give it once.`, {
        details: [{ field: name, got: "more than one value", takes: "one value" }],
      });
    }
    refuseNul(name, value);
    given[name] = value;
  }
  return parseWith(schema ?? NO_PARAMETERS, given, "query");
}

/** PostgreSQL's text holds every character but this one. */
function refuseNul(field: string, text: string): void {
  if (!text.includes("\0")) return;
  throw new AppError("invalid_argument", `${field}: got a NUL character; takes text without one`, {
    details: [{ field, got: "a NUL character", takes: "text without one" }],
  });
}

function parseWith(schema: z.ZodType | undefined, input: unknown, where: "query" | "path" | "body"): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map((issue) => toDetail(issue, input, where));
  const first = details[0];
  throw new AppError("invalid_argument", first ? describeDetail(first) : "The request is not understood.", {
    details,
  });
}

function toDetail(issue: z.core.$ZodIssue, input: unknown, where: string): ErrorDetail {
  if (issue.code === "unrecognized_keys") {
    return {
      field: issue.keys.join(", "),
      got: "an unknown parameter",
      takes: "only the documented parameters",
    };
  }
  const field = issue.path.map(String).join(".") || where;
  const got = issue.path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
  return { field, got: describeGot(field, got), takes: issue.message.replace(/^takes /, "") };
}

// A refused body may hold a credential: its value is never repeated.
const CREDENTIAL_FIELD = /secret|password|token|key|code$|^current$/i;

function describeGot(field: string, got: unknown): string {
  if (got === undefined) return "nothing";
  return CREDENTIAL_FIELD.test(field) ? "a value (not shown)" : showValue(got);
}

function describeDetail({ field, got, takes }: ErrorDetail): string {
  return `${field}: got ${got}; takes ${takes}`;
}

async function readJson(
  request: Request,
  {
    body,
    mostBodyBytes,
  }: Pick<HandleOptions<undefined, z.ZodType | undefined, undefined>, "body" | "mostBodyBytes">,
): Promise<unknown> {
  const text = await readText(request, mostBodyBytes);
  if (text === "" && body?.safeParse(undefined).success) return undefined;
  try {
    return JSON.parse(text, (key, value) => {
      if (typeof value === "string") refuseNul(key, value);
      return value;
    });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(
      "invalid_argument",
      "The body is not JSON; send a JSON object with Content-Type: application/json.",
      {
        details: [
          {
            field: "body",
            got: text === "" ? "nothing" : `${text.length} characters`,
            takes: "a JSON object",
          },
        ],
        cause,
      },
    );
  }
}

/** The body as text. @throws AppError `payload_too_large` for more than 64 KB, or `mostBytes`. */
export const readText = (request: Request, mostBytes = MOST_BODY_BYTES): Promise<string> =>
  readRequestText(request, mostBytes);
