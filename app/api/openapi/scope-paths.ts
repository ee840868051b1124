import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import {
  CreateDepartmentInput,
  DepartmentView,
  UpdateDepartmentInput,
} from "../../../lib/access/departments/schema.ts";
import {
  CreateNodePoolInput,
  NodePoolView,
  UpdateNodePoolInput,
} from "../../../lib/access/node-pools/schema.ts";
import { CreateProjectInput, ProjectView, UpdateProjectInput } from "../../../lib/access/projects/schema.ts";
import { ListScopesQuery } from "../../../lib/access/scopes/schema.ts";
import { ScopeMembers } from "../../../lib/clusters/members/schema.ts";
import { IdParameter } from "../id-parameter.ts";
import { describeOperation } from "./operation.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });

interface Kind {
  path: string;
  tag: string;
  /** `project`, as a summary says it. */
  noun: string;
  /** `Project`, as an operation's id has it. */
  name: string;
  /** Under which key the list has them. */
  list: string;
  view: z.ZodType;
  create: z.ZodType;
  update: z.ZodType;
}

/** Projects, departments and node pools are listed, read, made, changed and deleted alike. */
function pathsOf({ path, tag, noun, name, list, view, create, update }: Kind): ZodOpenApiPathsObject {
  return {
    [path]: {
      get: describeOperation({
        id: `list${name}s`,
        summary: `${tag}, by name; total: how many match`,
        tag,
        query: ListScopesQuery,
        answers: json(z.object({ [list]: z.array(view), total: z.int() })),
        refusals: [400, 401, 403],
      }),
      post: describeOperation({
        id: `create${name}`,
        summary: `Make a ${noun}`,
        tag,
        body: create,
        status: "201",
        answers: json(view),
        refusals: [400, 401, 403, 409, 429],
      }),
    },
    [`${path}/{id}`]: {
      get: describeOperation({
        id: `get${name}`,
        summary: `One ${noun}`,
        tag,
        path: IdParameter,
        answers: json(view),
        refusals: [400, 401, 403, 404],
      }),
      patch: describeOperation({
        id: `update${name}`,
        summary: `Change a ${noun}; what runs by a grant on it, beside it, ends`,
        tag,
        path: IdParameter,
        body: update,
        answers: json(view),
        refusals: [400, 401, 403, 404, 409],
      }),
      delete: describeOperation({
        id: `delete${name}`,
        summary: `Delete a ${noun} that nothing names`,
        tag,
        path: IdParameter,
        status: "204",
        answers: {},
        refusals: [401, 403, 404, 409],
      }),
    },
    [`${path}/{id}/members`]: {
      get: describeOperation({
        id: `resolve${name}`,
        summary: `What a ${noun} means today, cluster by cluster`,
        tag,
        path: IdParameter,
        answers: json(ScopeMembers),
        refusals: [400, 401, 403, 404],
      }),
    },
  };
}

export const scopePaths: ZodOpenApiPathsObject = {
  ...pathsOf({
    path: "/api/v1/projects",
    tag: "Projects",
    noun: "project",
    name: "Project",
    list: "projects",
    view: ProjectView,
    create: CreateProjectInput,
    update: UpdateProjectInput,
  }),
  ...pathsOf({
    path: "/api/v1/departments",
    tag: "Departments",
    noun: "department",
    name: "Department",
    list: "departments",
    view: DepartmentView,
    create: CreateDepartmentInput,
    update: UpdateDepartmentInput,
  }),
  ...pathsOf({
    path: "/api/v1/node-pools",
    tag: "Node pools",
    noun: "node pool",
    name: "NodePool",
    list: "nodePools",
    view: NodePoolView,
    create: CreateNodePoolInput,
    update: UpdateNodePoolInput,
  }),
};
