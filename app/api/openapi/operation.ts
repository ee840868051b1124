import { z } from "zod";
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from "zod-openapi";

/** What every refusal answers. */
const ErrorAnswer = z
  .object({
    code: z.enum([
      "invalid_argument",
      "unauthenticated",
      "permission_denied",
      "second_factor_required",
      "not_found",
      "conflict",
      "payload_too_large",
      "resource_exhausted",
      "unavailable",
      "internal",
    ]),
    message: z.string().meta({ description: "What happened, and what to do next." }),
    details: z
      .array(
        z.object({
          field: z.string().meta({ description: "The parameter." }),
          got: z.string().optional(),
          takes: z.string().optional(),
          range: z
            .object({ start: z.int(), end: z.int() })
            .optional()
            .meta({ description: "Characters of a filter expression, from zero, end excluded." }),
          position: z
            .object({ line: z.int(), column: z.int() })
            .optional()
            .meta({ description: "Where in a text of several lines, from one." }),
        }),
      )
      .optional(),
  })
  .meta({ id: "Error" });

const REFUSALS = {
  400: "A parameter is not understood: `details` names it, what it got and what it takes.",
  401: "No identity, or one that does not count: send a bearer token from POST /api/v1/token.",
  403: "The identity's role does not allow this, or not without a second factor (`second_factor_required`).",
  404: "There is no such entry, or it is not yours to see.",
  409: "It cannot be done as things stand.",
  429: "Too many failed authentications came from this address: wait as long as Retry-After says.",
  503: "The database did not answer in time.",
} as const;
export type Refusal = keyof typeof REFUSALS;

type JsonSchema = z.ZodType;

interface OperationInput {
  id: string;
  summary: string;
  description?: string;
  tag: string;
  query?: z.ZodObject;
  path?: z.ZodObject;
  body?: JsonSchema;
  /** The body as a form, where it may be one. */
  form?: JsonSchema;
  status?: "200" | "201" | "204";
  /** The answer by media type; a string stands for text or bytes. */
  answers: Record<string, JsonSchema | string>;
  answerHeaders?: Record<string, { description: string; schema: { type: "string" | "integer" } }>;
  refusals: readonly Refusal[];
  anonymous?: boolean;
  deprecated?: boolean;
}

/** One operation of the document: the schemas are those that parse the request. */
export function describeOperation(input: OperationInput): ZodOpenApiOperationObject {
  const { query, path, body, form } = input;
  return {
    operationId: input.id,
    summary: input.summary,
    description: input.description,
    tags: [input.tag],
    deprecated: input.deprecated,
    security: input.anonymous ? [] : undefined,
    // Kinds of parameters that an operation has not must be left out.
    requestParams: { ...(query && { query }), ...(path && { path }) },
    requestBody:
      body || form
        ? {
            required: true,
            content: {
              ...(body && { "application/json": { schema: body } }),
              ...(form && { "application/x-www-form-urlencoded": { schema: form } }),
            },
          }
        : undefined,
    responses: describeResponses(input),
  };
}

function describeResponses({ status = "200", answers, answerHeaders, refusals }: OperationInput) {
  const content = Object.entries(answers).map(([type, answer]) => {
    const schema = typeof answer === "string" ? { type: "string" as const, description: answer } : answer;
    return [type, { schema }];
  });
  const responses: ZodOpenApiResponsesObject = {
    [status]: {
      description: "Done.",
      headers: answerHeaders,
      ...(content.length > 0 && { content: Object.fromEntries(content) }),
    },
  };
  for (const refusal of refusals) {
    responses[`${refusal}` as "400"] = {
      description: REFUSALS[refusal],
      content: { "application/json": { schema: ErrorAnswer } },
    };
  }
  return responses;
}
