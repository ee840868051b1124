import { listFirings } from "../../../../../../lib/alerts/alerts/data.ts";
import { ListFiringsQuery } from "../../../../../../lib/alerts/schema.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const GET = handle(
  { permission: "alerts:read", params: IdParameter, query: ListFiringsQuery },
  async ({ ctx, params, query }) => Response.json(await listFirings({ ctx, input: { ...params, ...query } })),
);
