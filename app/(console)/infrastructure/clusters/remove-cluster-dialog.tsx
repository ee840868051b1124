"use client";

import { z } from "zod";
import type { ClusterView } from "../../../../lib/clusters/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { useGrants } from "../../../components/list/grants-of.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";

/** Asks before a cluster is removed: its name has to be typed. */
export function RemoveClusterDialog({
  cluster,
  onClose,
  onDone,
}: {
  cluster: ClusterView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { data } = useGrants({ cluster: cluster?.id }, cluster !== null);
  const grants = data?.grants.filter((grant) => grant.cluster?.id === cluster?.id).length ?? 0;
  async function remove() {
    if (!cluster) return;
    try {
      await sendJson(`/api/v1/clusters/${cluster.id}`, z.unknown(), "DELETE");
      showDone("Cluster removed", cluster.name);
      onDone();
    } catch (error) {
      showFailure(`${cluster.name} was not removed`, error instanceof Error ? error.message : "");
    }
  }
  return (
    <ConfirmDialog
      open={cluster !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Remove this cluster?"
      verb="Remove"
      keep="Keep cluster"
      typeToConfirm={cluster?.name}
      onConfirm={remove}
    >
      Nobody reaches {cluster?.name} through the gateway any more, and what runs on it now ends. Its
      credential is deleted
      {grants > 0 ? `, and ${grants} ${grants === 1 ? "grant is" : "grants are"} revoked` : ""}. The cluster
      itself and its record stay.
    </ConfirmDialog>
  );
}
