import { readListQuery } from "../../../../lib/identity/scim/protocol/list-query.ts";
import { listUsers } from "../../../../lib/identity/scim/users/find-users.ts";
import { createScimUser } from "../../../../lib/identity/scim/users/mutations.ts";
import { handleScim } from "../handle-scim.ts";

export const GET = handleScim(null, async ({ client, search }) => ({
  body: await listUsers(client, readListQuery(search)),
}));

export const POST = handleScim("User", async ({ client, body }) => {
  const user = await createScimUser({ ctx: client.ctx, input: { client, resource: await body() } });
  return { status: 201, location: user.meta.location, body: user };
});
