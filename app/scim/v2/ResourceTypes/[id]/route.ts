import { resourceTypes } from "../../../../../lib/identity/scim/protocol/described.ts";
import { ScimError } from "../../../../../lib/identity/scim/protocol/scim-error.ts";
import { handleScim } from "../../handle-scim.ts";

export const GET = handleScim(null, async ({ id }) => {
  const body = resourceTypes().find((each) => each.id === id);
  if (!body) throw new ScimError(404, null, "There is none with that id.");
  return { body };
});
