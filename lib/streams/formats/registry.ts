import { ecs } from "./ecs/ecs.ts";
import type { Format } from "./format/format.ts";
import { kubernetesAudit } from "./kubernetes-audit/kubernetes-audit.ts";
import { native } from "./native.ts";
import { ocsf } from "./ocsf/ocsf.ts";
import type { StreamFormat } from "./schema.ts";

/** Every format that a stream may have. */
export const FORMATS: Readonly<Record<StreamFormat, Format>> = {
  native,
  ocsf,
  "kubernetes-audit": kubernetesAudit,
  ecs,
};
