import { at, equalJson, fieldsOf } from "../objects/fields.ts";
import { ensureFields, setDefault } from "./setters.ts";
import type { Strategy } from "./strategy.ts";

export const claimStrategy: Strategy = {
  returnsDeleted: true,
  setDefaults(claim) {
    setDefault(ensureFields(claim, "spec"), "volumeMode", "Filesystem");
  },
  prepareForCreate(claim, cluster) {
    claim.status = { phase: "Pending" };
    claim.metadata.finalizers = [...(claim.metadata.finalizers ?? []), "kubernetes.io/pvc-protection"];
    const standard = cluster.store
      .list("storage.k8s.io/storageclasses")
      .find((item) => item.metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true");
    if (standard !== undefined)
      setDefault(ensureFields(claim, "spec"), "storageClassName", standard.metadata.name);
  },
  validateUpdate(claim, before) {
    const fixed = (spec: unknown) => ({ ...fieldsOf(spec), resources: undefined, volumeName: undefined });
    if (equalJson(fixed(claim.spec), fixed(before.spec))) return [];
    const message =
      "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    return [{ field: "spec", reason: "FieldValueForbidden", message }];
  },
};

export const volumeStrategy: Strategy = {
  returnsDeleted: true,
  setDefaults(volume) {
    const spec = ensureFields(volume, "spec");
    setDefault(spec, "volumeMode", "Filesystem");
    setDefault(spec, "persistentVolumeReclaimPolicy", "Retain");
  },
  prepareForCreate(volume) {
    const claimed = at(volume, "spec", "claimRef") !== undefined;
    volume.status = { phase: claimed ? "Bound" : "Available" };
    volume.metadata.finalizers = [...(volume.metadata.finalizers ?? []), "kubernetes.io/pv-protection"];
  },
};
