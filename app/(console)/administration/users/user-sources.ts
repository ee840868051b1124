import type { PersonView } from "../../../../lib/identity/people/schema.ts";

/** How somebody came to be known, in words. */
export const USER_SOURCES: Record<PersonView["source"], string> = {
  administrator: "Administrator",
  provider: "Sign-in",
  scim: "SCIM",
  local: "Local",
};
