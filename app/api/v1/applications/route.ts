import { listApplications } from "../../../../lib/identity/applications/data.ts";
import { createApplication } from "../../../../lib/identity/applications/mutations.ts";
import { CreateApplicationInput } from "../../../../lib/identity/applications/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "applications:read" }, async ({ ctx }) =>
  Response.json({ applications: await listApplications({ ctx }) }),
);

/** The answer shows the secret, once. */
export const POST = handle(
  { permission: "applications:write", body: CreateApplicationInput },
  async ({ ctx, body }) => Response.json(await createApplication({ ctx, input: body }), { status: 201 }),
);
