import { dryRunRole } from "../../../../../lib/access/dry-run/run.ts";
import { DryRunInput } from "../../../../../lib/access/dry-run/schema.ts";
import { answerLines } from "../../../answer-lines.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const POST = handle(
  { permission: "access:read", body: DryRunInput, hasOwnPlaces: true },
  async ({ ctx, request, body }) =>
    answerLines({ request, ctx }, (signal) => dryRunRole({ ctx, input: body, signal })),
);
