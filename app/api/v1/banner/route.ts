import { config } from "../../../../lib/config.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

/** What administrators tell everybody, also those who have not signed in. */
export const GET = handle({ permission: null }, async () =>
  Response.json({ banner: config().console.banner }),
);
