import { SimulateInput } from "../../../../../lib/access/simulator/schema.ts";
import { simulateCall } from "../../../../../lib/access/simulator/simulate.ts";
import { handle } from "../../../handle.ts";

/** Of oneself anybody may ask: the verb checks the rest. */
export const POST = handle({ permission: null, body: SimulateInput }, async ({ ctx, body }) =>
  Response.json(await simulateCall({ ctx, input: body })),
);
