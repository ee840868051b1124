import { listClusters } from "../../lib/clusters/data.ts";
import { registerCluster, updateCluster } from "../../lib/clusters/mutations.ts";
import type { Context } from "../../lib/context.ts";
import type { DemoCluster } from "./cluster.ts";

/** Registers the demo's cluster, or corrects its address where it runs on another port than at the last start. */
export async function ensureDemoCluster(ctx: Context, name: string, cluster: DemoCluster): Promise<void> {
  const { endpoint, certificateAuthority, token } = cluster;
  const known = (await listClusters({ ctx })).find((each) => each.name === name);
  const input = { endpoint, certificateAuthority, credential: { kind: "token" as const, token } };
  if (!known) await registerCluster({ ctx, input: { ...input, name } });
  else if (!isSame(known, cluster)) await updateCluster({ ctx, input: { ...input, id: known.id } });
}

function isSame(
  known: { endpoint: string; certificateAuthority: string | null },
  { endpoint, certificateAuthority }: DemoCluster,
): boolean {
  return (
    new URL(known.endpoint).href === new URL(endpoint).href &&
    known.certificateAuthority === certificateAuthority
  );
}
