import { readProjection } from "../../../../../lib/identity/scim/protocol/list-query.ts";
import { readPatch } from "../../../../../lib/identity/scim/protocol/patch-operations.ts";
import { getUser } from "../../../../../lib/identity/scim/users/find-users.ts";
import {
  deleteScimUser,
  patchScimUser,
  replaceScimUser,
} from "../../../../../lib/identity/scim/users/mutations.ts";
import { handleScim } from "../../handle-scim.ts";

export const GET = handleScim(null, async ({ client, id, search }) => ({
  body: await getUser(client, id, readProjection(search)),
}));

export const PUT = handleScim("User", async ({ client, id, body }) => ({
  body: await replaceScimUser({ ctx: client.ctx, input: { client, id, resource: await body() } }),
}));

export const PATCH = handleScim("User", async ({ client, id, body }) => {
  const operations = readPatch(await body());
  return { body: await patchScimUser({ ctx: client.ctx, input: { client, id, operations } }) };
});

export const DELETE = handleScim("User", async ({ client, id }) => {
  await deleteScimUser({ ctx: client.ctx, input: { client, id } });
  return { status: 204 };
});
