import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { issueTokens } from "../../identity/tokens/mutations.ts";
import { listOwnClusters } from "../data.ts";
import { describeGateway } from "./gateway.ts";
import { renderKubeconfig } from "./render.ts";
import type { DownloadKubeconfigInput } from "./schema.ts";

/**
 * A kubeconfig for the person who asks: their clusters, through the gateway, with a new token for each in it.
 * @throws AppError `not_found` where no cluster is granted to them or one is named that is not.
 */
export async function downloadKubeconfig({
  ctx,
  input,
}: {
  ctx: Context;
  input: DownloadKubeconfigInput;
}): Promise<string> {
  const clusters = chooseClusters(
    (await listOwnClusters({ ctx })).map(({ name }) => name),
    input.cluster,
  );
  const { name, lifetimeMs } = input;
  const tokens = await issueTokens({
    ctx,
    input: { tokens: clusters.map((cluster) => ({ name, lifetimeMs, cluster })) },
  });
  return renderKubeconfig({
    clusters: tokens.map(({ token, cluster }) => ({ name: cluster ?? "", token })),
    ...(await describeGateway({ ctx })),
    person: ctx.actor.kind === "user" ? ctx.actor.email : "kubewitness",
  });
}

function chooseClusters(own: readonly string[], wanted: string | undefined): readonly string[] {
  if (own.length === 0) {
    throw new AppError("not_found", "No cluster is granted to you. Ask an administrator for a role on one.");
  }
  if (wanted === undefined) return own;
  if (own.includes(wanted)) return [wanted];
  const takes = own.join(", ");
  throw new AppError("not_found", `cluster: got ${JSON.stringify(wanted)}; takes one of ${takes}`, {
    details: [{ field: "cluster", got: wanted, takes }],
  });
}
