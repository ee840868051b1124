import { listOwnGrants } from "../../../../lib/access/grants/data.ts";
import { listOwnClusters } from "../../../../lib/clusters/data.ts";
import { readMe } from "../../../../lib/identity/me/data.ts";
import { handle } from "../../handle.ts";

/** Who one is, one's grants, and the clusters they open. */
export const GET = handle({ permission: null }, async ({ ctx }) => {
  const me = readMe({ ctx });
  const [grants, clusters] = await Promise.all([listOwnGrants({ ctx }), listOwnClusters({ ctx })]);
  return Response.json({ ...me, grants, clusters: clusters.map(({ id, name }) => ({ id, name })) });
});
