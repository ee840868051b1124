import { getGroup, listGroups } from "../../../../lib/identity/scim/groups/find-groups.ts";
import { createScimGroup } from "../../../../lib/identity/scim/groups/mutations.ts";
import { readListQuery, readProjection } from "../../../../lib/identity/scim/protocol/list-query.ts";
import { handleScim } from "../handle-scim.ts";

export const GET = handleScim(null, async ({ client, search }) => ({
  body: await listGroups(client, readListQuery(search)),
}));

export const POST = handleScim("Group", async ({ client, search, body }) => {
  const id = await createScimGroup({ ctx: client.ctx, input: { client, resource: await body() } });
  const group = await getGroup(client, id, readProjection(search));
  return { status: 201, location: group.meta?.location, body: group };
});
