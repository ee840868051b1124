import { at, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import type { Client } from "./controller.ts";
import { recordEvent } from "./events.ts";

function provision(client: Client, claim: KubeObject): void {
  const className = textOf(claim.spec?.storageClassName);
  const storageClass = client.get("storage.k8s.io/storageclasses", "", className);
  if (storageClass === undefined) {
    const message = `storageclass.storage.k8s.io "${className}" not found`;
    const component = "persistentvolume-controller";
    recordEvent(client, { object: claim, reason: "ProvisioningFailed", message, type: "Warning", component });
    return;
  }
  const name = `pvc-${claim.metadata.uid}`;
  const storage = at(claim, "spec", "resources", "requests", "storage");
  const { namespace, name: claimName, uid, resourceVersion } = claim.metadata;
  client.create("/persistentvolumes", {
    kind: "PersistentVolume",
    apiVersion: "v1",
    metadata: { name, annotations: { "pv.kubernetes.io/provisioned-by": textOf(storageClass.provisioner) } },
    spec: {
      capacity: { storage },
      accessModes: claim.spec?.accessModes,
      claimRef: {
        kind: "PersistentVolumeClaim",
        namespace,
        name: claimName,
        uid,
        apiVersion: "v1",
        resourceVersion,
      },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy,
      storageClassName: className,
      csi: {
        driver: storageClass.provisioner,
        volumeHandle: `vol-${uid.replaceAll("-", "").slice(0, 17)}`,
        fsType: "ext4",
      },
    },
  });
  client.update("/persistentvolumeclaims", claim, (found) => ({
    ...found,
    spec: { ...found.spec, volumeName: name },
  }));
  client.updateStatus("/persistentvolumeclaims", claim, () => ({
    phase: "Bound",
    accessModes: claim.spec?.accessModes,
    capacity: { storage },
  }));
  const message = `Successfully provisioned volume ${name}`;
  recordEvent(client, {
    object: claim,
    reason: "ProvisioningSucceeded",
    message,
    component: textOf(storageClass.provisioner),
  });
}

/** Provisions a volume for each claim, and gives it up or deletes it when the claim is gone. */
export function startVolumes(client: Client): void {
  client.cluster.store.subscribe("/persistentvolumeclaims", ({ type, object }) => {
    const { namespace = "", name } = object.metadata;
    if (type === "ADDED") {
      client.schedule(400, () => {
        const claim = client.get("/persistentvolumeclaims", namespace, name);
        if (claim?.status?.phase === "Pending") provision(client, claim);
      });
    }
    if (type !== "DELETED") return;
    const volume = client.get("/persistentvolumes", "", textOf(object.spec?.volumeName));
    if (volume === undefined) return;
    client.updateStatus("/persistentvolumes", volume, () => ({ phase: "Released" }));
    if (volume.spec?.persistentVolumeReclaimPolicy === "Delete") {
      client.schedule(500, () => client.delete("/persistentvolumes", volume));
    }
  });
}
