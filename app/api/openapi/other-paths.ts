import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import {
  CreateSavedView,
  ListSavedViewsQuery,
  SavedView,
  SavedViewList,
  SavedViewPath,
  UpdateSavedView,
} from "../../../lib/audit/views/schema.ts";
import { TokenGrant } from "../../../lib/identity/applications/schema.ts";
import { AnswerAuthorization, AuthorizationAnswer } from "../../../lib/identity/oauth/authorize/schema.ts";
import {
  AnswerDevice,
  DeviceAuthorization,
  FindDevice,
  WaitingDevice,
} from "../../../lib/identity/oauth/device/schema.ts";
import { AuthorizationServer, Introspection } from "../../../lib/identity/oauth/schema.ts";
import { describeOperation } from "./operation.ts";
import {
  CommandLineTokenForm,
  CommandLineTokens,
  DeviceForm,
  TokenAnswer,
  TokenForm,
  TokenQuestionForm,
} from "./token-schemas.ts";

const VIEWS = "Saved views";

export const otherPaths: ZodOpenApiPathsObject = {
  "/api/v1/token": {
    post: describeOperation({
      id: "issueToken",
      summary: "A bearer token for an application's id and secret",
      description:
        "As JSON, or as RFC 6749, section 4.4 has it: a form, with id and secret in it or by HTTP Basic; the answer then has that RFC's names, for errors too (`error`, `error_description`). The command line (`client_id` kubewitness-cli, no secret) sends its grants as a form.",
      tag: "Authentication",
      body: TokenGrant,
      form: TokenForm.or(CommandLineTokenForm),
      answers: { "application/json": TokenAnswer.or(CommandLineTokens) },
      refusals: [400, 401, 429],
      anonymous: true,
    }),
  },
  "/api/v1/token/revoke": {
    post: describeOperation({
      id: "revokePresentedToken",
      summary: "Revoke a token of one's own that one holds (RFC 7009)",
      description:
        "Who asks proves it as at the token endpoint, or with a bearer token. Errors are those of RFC 6749, section 5.2.",
      tag: "Authentication",
      form: TokenQuestionForm,
      answers: { "application/json": z.object({}) },
      refusals: [400, 401, 429],
      anonymous: true,
    }),
  },
  "/api/v1/token/introspect": {
    post: describeOperation({
      id: "introspectToken",
      summary: "What a token of one's own is worth (RFC 7662); of somebody else's nothing is said",
      description:
        "Who asks proves it as at the token endpoint, or with a bearer token. Errors are those of RFC 6749, section 5.2.",
      tag: "Authentication",
      form: TokenQuestionForm,
      answers: { "application/json": Introspection },
      refusals: [400, 401, 429],
      anonymous: true,
    }),
  },
  "/api/v1/token/metadata": {
    get: describeOperation({
      id: "describeAuthorizationServer",
      summary: "How to get tokens here (RFC 8414); also at /.well-known/oauth-authorization-server",
      tag: "Authentication",
      answers: { "application/json": AuthorizationServer },
      refusals: [],
      anonymous: true,
    }),
  },
  "/api/v1/oauth/authorize": {
    post: describeOperation({
      id: "answerAuthorization",
      summary:
        "Let the command line in that waits on the same machine, or refuse it: from a console session alone",
      tag: "Authentication",
      body: AnswerAuthorization,
      answers: { "application/json": AuthorizationAnswer },
      refusals: [400, 401, 403, 429],
    }),
  },
  "/api/v1/oauth/device": {
    post: describeOperation({
      id: "beginDeviceRequest",
      summary: "Begin the login of a device without a browser (RFC 8628)",
      description: "Errors are those of RFC 6749, section 5.2.",
      tag: "Authentication",
      form: DeviceForm,
      answers: { "application/json": DeviceAuthorization },
      refusals: [400, 401, 429],
      anonymous: true,
    }),
  },
  "/api/v1/oauth/device/find": {
    post: describeOperation({
      id: "findDevice",
      summary: "The device that shows a code: from a console session alone",
      tag: "Authentication",
      body: FindDevice,
      answers: { "application/json": WaitingDevice },
      refusals: [400, 401, 403, 404, 429],
    }),
  },
  "/api/v1/oauth/device/answer": {
    post: describeOperation({
      id: "answerDevice",
      summary: "Let that device in, or refuse it: from a console session alone",
      tag: "Authentication",
      body: AnswerDevice,
      status: "204",
      answers: {},
      refusals: [400, 401, 403, 404, 409, 429],
    }),
  },
  "/api/v1/saved-views": {
    get: describeOperation({
      id: "listSavedViews",
      summary: "One's own views, and those that are shared",
      tag: VIEWS,
      query: ListSavedViewsQuery,
      answers: { "application/json": SavedViewList },
      refusals: [400, 401],
    }),
    post: describeOperation({
      id: "createSavedView",
      summary: "Keep a view",
      tag: VIEWS,
      body: CreateSavedView,
      status: "201",
      answers: { "application/json": SavedView },
      refusals: [400, 401, 403, 409],
    }),
  },
  "/api/v1/saved-views/{id}": {
    patch: describeOperation({
      id: "updateSavedView",
      summary: "Change one's own view",
      tag: VIEWS,
      path: SavedViewPath,
      body: UpdateSavedView,
      answers: { "application/json": SavedView },
      refusals: [400, 401, 403, 404, 409],
    }),
    delete: describeOperation({
      id: "deleteSavedView",
      summary: "Delete one's own view",
      tag: VIEWS,
      path: SavedViewPath,
      answers: { "application/json": SavedView },
      refusals: [400, 401, 403, 404],
    }),
  },
};
