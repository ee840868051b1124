import { listNamespaces } from "../../../../../../lib/clusters/namespaces/list.ts";
import { ListNamespacesQuery } from "../../../../../../lib/clusters/namespaces/schema.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const dynamic = "force-dynamic";

export const GET = handle(
  { permission: "access:write", params: IdParameter, query: ListNamespacesQuery },
  async ({ ctx, params, query }) =>
    Response.json(await listNamespaces({ ctx, input: { ...params, ...query } })),
);
