import { downloadKubeconfig } from "../../../../lib/clusters/kubeconfig/download.ts";
import { DownloadKubeconfigInput } from "../../../../lib/clusters/kubeconfig/schema.ts";
import { handle } from "../../handle.ts";

/** A kubeconfig with a new token of one's own in it. It makes something, so it is a POST: no link can cause it. */
export const POST = handle(
  { permission: "tokens:own", body: DownloadKubeconfigInput },
  async ({ ctx, body }) =>
    new Response(await downloadKubeconfig({ ctx, input: body }), {
      headers: {
        "Content-Type": "application/yaml; charset=utf-8",
        "Content-Disposition": 'attachment; filename="kubeconfig.yaml"',
        "X-Content-Type-Options": "nosniff",
      },
    }),
);
