import { setting } from "./setting.ts";
import * as value from "./values.ts";

/** The settings of streams: `streams.*`. */
export const streamSettings = {
  allowLoopback: setting({
    yaml: "streams.allowLoopback",
    env: "KUBEWITNESS_STREAMS_ALLOW_LOOPBACK",
    kind: value.yesOrNo,
    default: false,
    meaning: "Whether a stream may go to this machine's loopback address, and over plain http there.",
  }),
  allowLinkLocal: setting({
    yaml: "streams.allowLinkLocal",
    env: "KUBEWITNESS_STREAMS_ALLOW_LINK_LOCAL",
    kind: value.yesOrNo,
    default: false,
    meaning: "Whether a stream may go to a link-local address (cloud metadata services have one).",
  }),
  retentionWaitMs: setting({
    yaml: "streams.retention_wait",
    env: "KUBEWITNESS_STREAMS_RETENTION_WAIT",
    kind: value.duration,
    default: 7 * 86_400_000,
    defaultText: "`7d`",
    meaning:
      "How much longer than `audit.retention_days` a day of the record is kept for a stream that has not sent it yet; then it is dropped, and the stream says what it lost.",
  }),
};
