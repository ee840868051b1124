import { z } from "zod";
import { LABEL_KEY, LABEL_VALUE } from "../../names/schema.ts";

const MOST_LABELS = 50;

const KEY_TAKES = "takes a label's name as Kubernetes has them, such as env or example.com/team";
const VALUE_TAKES =
  "takes at most 63 of letters, digits, . _ - with a letter or digit at the ends, or nothing";

const LabelKey = z.string(KEY_TAKES).regex(LABEL_KEY, KEY_TAKES);
const LabelValue = z.string(VALUE_TAKES).regex(LABEL_VALUE, VALUE_TAKES);

/** What administrators call a cluster, for rules and projects to go by. */
export const ClusterLabels = z
  .record(LabelKey, LabelValue)
  .refine((labels) => Object.keys(labels).length <= MOST_LABELS, `takes at most ${MOST_LABELS} labels`);
export type ClusterLabels = z.infer<typeof ClusterLabels>;
