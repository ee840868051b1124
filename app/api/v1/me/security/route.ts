import { readOwnSecurity } from "../../../../../lib/identity/second-factor/own/data.ts";
import { handle } from "../../../handle.ts";

export const GET = handle({ permission: "tokens:own" }, async ({ ctx }) =>
  Response.json(await readOwnSecurity({ ctx })),
);
