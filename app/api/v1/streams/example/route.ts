import { writeExample } from "../../../../../lib/streams/trial/example.ts";
import { ExampleQuery } from "../../../../../lib/streams/trial/schema.ts";
import { handle } from "../../../handle.ts";

export const GET = handle({ permission: "streams:read", query: ExampleQuery }, async ({ ctx, query }) =>
  Response.json(await writeExample({ ctx, query })),
);
