import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import {
  AccessRequestForViewer,
  AccessRequestList,
  AccessRequestView,
  ApproveAccessRequestInput,
  CreateAccessRequestInput,
  EndAccessRequestInput,
  ListAccessRequestsQuery,
  RefuseAccessRequestInput,
  RequestChoices,
  RequestNotice,
} from "../../../lib/access/requests/schema.ts";
import { WebhookResult } from "../../../lib/webhooks/delivery/schema.ts";
import {
  CreateWebhookInput,
  UpdateWebhookInput,
  WebhookView,
  WebhookWithSecret,
} from "../../../lib/webhooks/schema.ts";
import { IdParameter } from "../id-parameter.ts";
import { describeOperation } from "./operation.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });
const REQUESTS = "Access requests";
const WEBHOOKS = "Webhooks";
const CHANGE = [400, 401, 403, 404, 409] as const;

const change = (id: string, summary: string, body?: z.ZodType) => ({
  post: describeOperation({
    id,
    summary,
    tag: REQUESTS,
    path: IdParameter,
    body,
    answers: json(AccessRequestView),
    refusals: CHANGE,
  }),
});

const ofWebhook = (id: string, summary: string, answer: z.ZodType, body?: z.ZodType) =>
  describeOperation({
    id,
    summary,
    tag: WEBHOOKS,
    path: IdParameter,
    body,
    answers: json(answer),
    refusals: CHANGE,
  });

/** Requests for access, and where others are told of them. */
export const requestPaths: ZodOpenApiPathsObject = {
  "/api/v1/access-requests": {
    get: describeOperation({
      id: "listAccessRequests",
      summary: "One's own requests, those that one may answer, or everyone's",
      tag: REQUESTS,
      query: ListAccessRequestsQuery,
      answers: json(AccessRequestList),
      refusals: [400, 401, 403],
    }),
    post: describeOperation({
      id: "createAccessRequest",
      summary: "Ask for a role for a time, or take it at once",
      tag: REQUESTS,
      body: CreateAccessRequestInput,
      status: "201",
      answers: json(AccessRequestView),
      refusals: [400, 401, 403, 429],
    }),
  },
  "/api/v1/access-requests/choices": {
    get: describeOperation({
      id: "listRequestChoices",
      summary: "What one may ask for",
      tag: REQUESTS,
      answers: json(RequestChoices),
      refusals: [401],
    }),
  },
  "/api/v1/access-requests/notice": {
    get: describeOperation({
      id: "readRequestNotice",
      summary: "How many requests wait for one's answer, and break-glass that lasts",
      tag: REQUESTS,
      answers: json(RequestNotice),
      refusals: [401],
    }),
  },
  "/api/v1/access-requests/{id}": {
    get: describeOperation({
      id: "getAccessRequest",
      summary: "One request",
      tag: REQUESTS,
      path: IdParameter,
      answers: json(AccessRequestForViewer),
      refusals: [400, 401, 404],
    }),
  },
  "/api/v1/access-requests/{id}/approve": change(
    "approveAccessRequest",
    "Grant what was asked for, or less",
    ApproveAccessRequestInput,
  ),
  "/api/v1/access-requests/{id}/refuse": change(
    "refuseAccessRequest",
    "Refuse a request",
    RefuseAccessRequestInput,
  ),
  "/api/v1/access-requests/{id}/withdraw": change("withdrawAccessRequest", "Take one's own request back"),
  "/api/v1/access-requests/{id}/end": change(
    "endAccessRequest",
    "End what a request became before its time",
    EndAccessRequestInput,
  ),
  "/api/v1/webhooks": {
    get: describeOperation({
      id: "listWebhooks",
      summary: "Where others are told of requests",
      tag: WEBHOOKS,
      answers: json(z.object({ webhooks: z.array(WebhookView) })),
      refusals: [401, 403],
    }),
    post: describeOperation({
      id: "createWebhook",
      summary: "Add a destination; its secret is shown once",
      tag: WEBHOOKS,
      body: CreateWebhookInput,
      status: "201",
      answers: json(WebhookWithSecret),
      refusals: [400, 401, 403, 409],
    }),
  },
  "/api/v1/webhooks/{id}": {
    patch: ofWebhook("updateWebhook", "Change a destination", WebhookView, UpdateWebhookInput),
    delete: describeOperation({
      id: "deleteWebhook",
      summary: "Remove a destination, and what waits for it",
      tag: WEBHOOKS,
      path: IdParameter,
      status: "204",
      answers: {},
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/webhooks/{id}/secret": {
    post: ofWebhook(
      "rotateWebhookSecret",
      "Give a destination another secret, shown once",
      WebhookWithSecret,
    ),
  },
  "/api/v1/webhooks/{id}/test": {
    post: ofWebhook("testWebhook", "Send a message of type webhook.test now", WebhookResult),
  },
};
