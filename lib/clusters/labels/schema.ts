import { z } from "zod";

const MOST_LABELS = 50;

const PART = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
const PREFIX = "(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?";
const KEY_TAKES = "takes a label's name as Kubernetes has them, such as env or example.com/team";
const VALUE_TAKES =
  "takes at most 63 of letters, digits, . _ - with a letter or digit at the ends, or nothing";

const LabelKey = z.string(KEY_TAKES).regex(new RegExp(`^${PREFIX}${PART}$`), KEY_TAKES);
const LabelValue = z.string(VALUE_TAKES).regex(new RegExp(`^(?:${PART})?$`), VALUE_TAKES);

/**
 * What administrators call a cluster, for rules and projects to go by.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const ClusterLabels = z
  .record(LabelKey, LabelValue)
  .refine((labels) => Object.keys(labels).length <= MOST_LABELS, `takes at most ${MOST_LABELS} labels`);
export type ClusterLabels = z.infer<typeof ClusterLabels>;
