import { importKubeconfig } from "../../../../../lib/clusters/kubeconfig/import.ts";
import { ImportKubeconfigInput } from "../../../../../lib/clusters/kubeconfig/schema.ts";
import { MOST_KUBECONFIG_BYTES } from "../../../../../lib/limits/body-sizes.ts";
import { handle } from "../../../handle.ts";

/** Registers every context of a kubeconfig; says of each what came of it. */
export const POST = handle(
  { permission: "clusters:write", body: ImportKubeconfigInput, mostBodyBytes: MOST_KUBECONFIG_BYTES },
  async ({ ctx, body }) => {
    const clusters = await importKubeconfig({ ctx, input: { text: body.kubeconfig } });
    return Response.json({ clusters });
  },
);
