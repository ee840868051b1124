import { findDevice } from "../../../../../../lib/identity/oauth/device/find-device.ts";
import { FindDevice } from "../../../../../../lib/identity/oauth/device/schema.ts";
import { handle } from "../../../../handle.ts";

/** A POST: the code is kept out of addresses and logs. */
export const POST = handle({ permission: "tokens:own", body: FindDevice }, async ({ ctx, body }) =>
  Response.json(await findDevice({ ctx, input: body })),
);
