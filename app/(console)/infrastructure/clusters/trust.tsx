import { ShieldCheck, ShieldOff } from "lucide-react";
import type { ClusterView } from "../../../../lib/clusters/schema.ts";

/** Whether the gateway checks whom it talks to. */
export function Trust({ cluster }: { cluster: ClusterView }) {
  if (cluster.insecureSkipTlsVerify) {
    return (
      <span className="inline-flex items-center gap-1.5 align-middle text-warn">
        <ShieldOff aria-hidden className="size-3.5!" /> Not checked
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5 align-middle">
      <ShieldCheck aria-hidden className="size-3.5! text-fg-3" />
      {cluster.certificateAuthority === null ? "Machine’s authorities" : "Own authority"}
    </span>
  );
}
