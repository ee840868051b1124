import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import {
  ChannelView,
  CreateChannelInput,
  MadeChannel,
  SendResult,
  UpdateChannelInput,
} from "../../../lib/alerts/channels/schema.ts";
import {
  AlertPreview,
  AlertView,
  CreateAlertInput,
  FiringPage,
  ListFiringsQuery,
  PreviewAlertInput,
  UpdateAlertInput,
} from "../../../lib/alerts/schema.ts";
import { IdParameter } from "../id-parameter.ts";
import { describeOperation } from "./operation.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });
const ALERTS = "Alerts";
const made = { tag: ALERTS, status: "201", refusals: [400, 401, 403, 409] } as const;
const ofOne = { tag: ALERTS, path: IdParameter } as const;
const gone = { ...ofOne, status: "204", answers: {}, refusals: [400, 401, 403, 404] } as const;

/** Who is told when something is on the record, and where. */
export const alertPaths: ZodOpenApiPathsObject = {
  "/api/v1/alerts": {
    get: describeOperation({
      id: "listAlerts",
      summary: "Alerts, by name",
      tag: ALERTS,
      answers: json(z.object({ alerts: z.array(AlertView) })),
      refusals: [401, 403],
    }),
    post: describeOperation({
      id: "createAlert",
      summary: "Add an alert: what is on the record from now on fires it",
      ...made,
      body: CreateAlertInput,
      answers: json(AlertView),
    }),
  },
  "/api/v1/alerts/preview": {
    post: describeOperation({
      id: "previewAlert",
      summary: "How often an alert would have fired in the last seven days",
      tag: ALERTS,
      body: PreviewAlertInput,
      answers: json(AlertPreview),
      refusals: [400, 401, 403],
    }),
  },
  "/api/v1/alerts/{id}": {
    patch: describeOperation({
      id: "updateAlert",
      summary: "Change an alert; what is left out stays",
      ...ofOne,
      body: UpdateAlertInput,
      answers: json(AlertView),
      refusals: [400, 401, 403, 404, 409],
    }),
    delete: describeOperation({ id: "deleteAlert", summary: "Delete an alert, with its history", ...gone }),
  },
  "/api/v1/alerts/{id}/firings": {
    get: describeOperation({
      id: "listFirings",
      summary: "When an alert fired, newest first",
      ...ofOne,
      query: ListFiringsQuery,
      answers: json(FiringPage),
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/alert-channels": {
    get: describeOperation({
      id: "listChannels",
      summary: "Where alerts are told, by name",
      tag: ALERTS,
      answers: json(z.object({ channels: z.array(ChannelView) })),
      refusals: [401, 403],
    }),
    post: describeOperation({
      id: "createAlertChannel",
      summary: "Add a channel; the secret of a webhook is in this answer only",
      ...made,
      body: CreateChannelInput,
      answers: json(MadeChannel),
    }),
  },
  "/api/v1/alert-channels/{id}": {
    patch: describeOperation({
      id: "updateAlertChannel",
      summary: "Change a channel; what is left out stays",
      ...ofOne,
      body: UpdateChannelInput,
      answers: json(ChannelView),
      refusals: [400, 401, 403, 404, 409],
    }),
    delete: describeOperation({
      id: "deleteAlertChannel",
      summary: "Remove a channel, and what waits for it",
      ...gone,
    }),
  },
  "/api/v1/alert-channels/{id}/test": {
    post: describeOperation({
      id: "testAlertChannel",
      summary: "Send a message that says that it is a test, now",
      ...ofOne,
      answers: json(SendResult),
      refusals: [401, 403, 404],
    }),
  },
};
