import { removeLocalPerson } from "../../../../../../lib/identity/local/people/mutations.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const DELETE = handle({ permission: "people:write", params: IdParameter }, async ({ ctx, params }) => {
  await removeLocalPerson({ ctx, input: params });
  return new Response(null, { status: 204 });
});
