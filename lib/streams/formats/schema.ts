import { z } from "zod";

/** How records are written. A new one is a line here, one in registry.ts, and its file. */
export const StreamFormat = z.enum(
  ["native", "ocsf", "kubernetes-audit", "ecs"],
  "takes a format, such as native",
);
export type StreamFormat = z.infer<typeof StreamFormat>;

/** What people call each. */
export const FORMAT_TITLES: Readonly<Record<StreamFormat, string>> = {
  native: "Native",
  ocsf: "OCSF API Activity",
  "kubernetes-audit": "Kubernetes audit",
  ecs: "Elastic Common Schema",
};
