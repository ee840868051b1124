import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import {
  CheckedRole,
  CheckRoleInput,
  CreateRoleInput,
  GetRoleVersionQuery,
  ListRoleVersionsQuery,
  ReplaceRoleInput,
  RestoreRoleInput,
  RoleDetail,
  RoleVersionDetail,
  RoleVersionPage,
  RoleVersionParameters,
  RoleView,
  UpdateRoleInput,
} from "../../../lib/access/roles/schema.ts";
import { IdParameter } from "../id-parameter.ts";
import { describeOperation } from "./operation.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });
const tag = "Access";
const path = IdParameter;

/** Roles: their documents, their versions. */
export const rolePaths: ZodOpenApiPathsObject = {
  "/api/v1/roles": {
    get: describeOperation({
      id: "listRoles",
      summary: "Roles",
      tag,
      answers: json(z.object({ roles: z.array(RoleView) })),
      refusals: [401, 403],
    }),
    post: describeOperation({
      id: "createRole",
      summary: "Make a role of a document",
      description:
        "What is wrong with the document is said with its field and, of YAML, its line and column.",
      tag,
      body: CreateRoleInput,
      status: "201",
      answers: json(RoleDetail),
      refusals: [400, 401, 403, 409],
    }),
  },
  "/api/v1/roles/check": {
    post: describeOperation({
      id: "checkRole",
      summary: "What would be said of a role's document; nothing is saved",
      tag,
      body: CheckRoleInput,
      answers: json(CheckedRole),
      refusals: [400, 401, 403],
    }),
  },
  "/api/v1/roles/{id}": {
    get: describeOperation({
      id: "getRole",
      summary: "One role, with its document",
      tag,
      path,
      answers: json(RoleDetail),
      refusals: [400, 401, 403, 404],
    }),
    put: describeOperation({
      id: "replaceRole",
      summary: "Put another document in a role's place; what runs by it and would be decided otherwise ends",
      tag,
      path,
      body: ReplaceRoleInput,
      answers: json(RoleDetail),
      refusals: [400, 401, 403, 404, 409],
    }),
    patch: describeOperation({
      id: "updateRole",
      summary: "Whether a role's sessions are recorded; sessions under way go on as they began",
      tag,
      path,
      body: UpdateRoleInput,
      answers: json(RoleView),
      refusals: [400, 401, 403, 404, 409],
    }),
    delete: describeOperation({
      id: "deleteRole",
      summary: "Delete a role that no grant names, with its versions",
      tag,
      path,
      status: "204",
      answers: {},
      refusals: [400, 401, 403, 404, 409],
    }),
  },
  "/api/v1/roles/{id}/versions": {
    get: describeOperation({
      id: "listRoleVersions",
      summary: "The versions of a role, the newest first",
      tag,
      path,
      query: ListRoleVersionsQuery,
      answers: json(RoleVersionPage),
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/roles/{id}/versions/{version}": {
    get: describeOperation({
      id: "getRoleVersion",
      summary: "One version of a role, and what changed since the one before or another",
      tag,
      path: RoleVersionParameters,
      query: GetRoleVersionQuery,
      answers: json(RoleVersionDetail),
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/roles/{id}/restore": {
    post: describeOperation({
      id: "restoreRole",
      summary: "Make an earlier version of a role the newest again",
      tag,
      path,
      body: RestoreRoleInput,
      answers: json(RoleDetail),
      refusals: [400, 401, 403, 404, 409],
    }),
  },
};
