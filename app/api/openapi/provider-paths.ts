import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import {
  CreateProviderInput,
  ProviderIdParameter,
  ProviderTest,
  ProviderView,
  UpdateProviderInput,
} from "../../../lib/identity/provider-store/schema.ts";
import { describeOperation } from "./operation.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });
const tag = "Providers";
const CHANGE = [400, 401, 403, 404, 409] as const;

/** Identity providers. */
export const providerPaths: ZodOpenApiPathsObject = {
  "/api/v1/providers": {
    get: describeOperation({
      id: "listProviders",
      summary: "Identity providers, of the configuration and of the console, without their secrets",
      tag,
      answers: json(z.object({ providers: z.array(ProviderView) })),
      refusals: [401, 403],
    }),
    post: describeOperation({
      id: "createProvider",
      summary: "Add an identity provider",
      tag,
      body: CreateProviderInput,
      status: "201",
      answers: json(ProviderView),
      refusals: CHANGE,
    }),
  },
  "/api/v1/providers/{id}": {
    get: describeOperation({
      id: "getProvider",
      summary: "One identity provider",
      tag,
      path: ProviderIdParameter,
      answers: json(ProviderView),
      refusals: [400, 401, 403, 404],
    }),
    patch: describeOperation({
      id: "updateProvider",
      summary: "Change an identity provider, or disable it: then its people's sessions end",
      tag,
      path: ProviderIdParameter,
      body: UpdateProviderInput,
      answers: json(ProviderView),
      refusals: CHANGE,
    }),
    delete: describeOperation({
      id: "removeProvider",
      summary: "Remove an identity provider; its people and grants to its groups do not count any more",
      tag,
      path: ProviderIdParameter,
      status: "204",
      answers: {},
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/providers/{id}/test": {
    post: describeOperation({
      id: "testProvider",
      summary: "Ask an identity provider what each sign-in asks, and say what is wrong",
      tag,
      path: ProviderIdParameter,
      answers: json(ProviderTest),
      refusals: [400, 401, 403, 404],
    }),
  },
};
