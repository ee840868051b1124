import { createAccessRequest } from "../../../../lib/access/requests/changes/mutations.ts";
import { listAccessRequests } from "../../../../lib/access/requests/data.ts";
import { CreateAccessRequestInput, ListAccessRequestsQuery } from "../../../../lib/access/requests/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: null, query: ListAccessRequestsQuery }, async ({ ctx, query }) =>
  Response.json(await listAccessRequests({ ctx, query })),
);

export const POST = handle(
  { permission: "requests:own", body: CreateAccessRequestInput },
  async ({ ctx, body }) => Response.json(await createAccessRequest({ ctx, input: body }), { status: 201 }),
);
