import { getGroup } from "../../../../../lib/identity/scim/groups/find-groups.ts";
import {
  deleteScimGroup,
  patchScimGroup,
  replaceScimGroup,
} from "../../../../../lib/identity/scim/groups/mutations.ts";
import { readProjection } from "../../../../../lib/identity/scim/protocol/list-query.ts";
import { readPatch } from "../../../../../lib/identity/scim/protocol/patch-operations.ts";
import { handleScim } from "../../handle-scim.ts";

export const GET = handleScim(null, async ({ client, id, search }) => ({
  body: await getGroup(client, id, readProjection(search)),
}));

export const PUT = handleScim("Group", async ({ client, id, search, body }) => {
  await replaceScimGroup({ ctx: client.ctx, input: { client, id, resource: await body() } });
  return { body: await getGroup(client, id, readProjection(search)) };
});

/** Without the group: it may have thousands of members, and whoever adds one has them (RFC 7644, section 3.5.2). */
export const PATCH = handleScim("Group", async ({ client, id, body }) => {
  const operations = readPatch(await body());
  await patchScimGroup({ ctx: client.ctx, input: { client, id, operations } });
  return { status: 204 };
});

export const DELETE = handleScim("Group", async ({ client, id }) => {
  await deleteScimGroup({ ctx: client.ctx, input: { client, id } });
  return { status: 204 };
});
