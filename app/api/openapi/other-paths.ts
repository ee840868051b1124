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
import { AuthorizationServer, Introspection } from "../../../lib/identity/oauth/schema.ts";
import { describeOperation } from "./operation.ts";
import { TokenAnswer, TokenForm, TokenQuestionForm } from "./token-schemas.ts";

const VIEWS = "Saved views";

export const otherPaths: ZodOpenApiPathsObject = {
  "/api/v1/token": {
    post: describeOperation({
      id: "issueToken",
      summary: "A bearer token for an application's id and secret",
      description:
        "As JSON, or as RFC 6749, section 4.4 has it: a form, with id and secret in it or by HTTP Basic; the answer then has that RFC's names, for errors too (`error`, `error_description`).",
      tag: "Authentication",
      body: TokenGrant,
      form: TokenForm,
      answers: { "application/json": TokenAnswer },
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
