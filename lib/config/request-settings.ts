import { setting } from "./setting.ts";
import * as value from "./values.ts";

/** The settings of requests for access: `requests.*`. */
export const requestSettings = {
  answerWithinMs: setting({
    yaml: "requests.answer_within",
    env: "KUBEWITNESS_REQUESTS_ANSWER_WITHIN",
    kind: value.duration,
    default: 86_400_000,
    defaultText: "`1d`",
    meaning: "How long a request for access may be answered; then it lapses.",
    changeable: true,
  }),
  longestMs: setting({
    yaml: "requests.longest",
    env: "KUBEWITNESS_REQUESTS_LONGEST",
    kind: value.duration,
    default: 8 * 3_600_000,
    defaultText: "`8h`",
    meaning: "For how long a role may be asked for, where the role itself does not say; break-glass, too.",
    changeable: true,
    ifUnreadable: 15 * 60_000,
  }),
  openPerPerson: setting({
    yaml: "requests.open_per_person",
    env: "KUBEWITNESS_REQUESTS_OPEN_PER_PERSON",
    kind: value.wholeNumber(1, 100, "a number of requests from 1 to 100"),
    default: 10,
    meaning: "How many unanswered requests a person may have.",
    changeable: true,
  }),
};

/** The settings of webhooks: `webhooks.*`. */
export const webhookSettings = {
  allowLoopback: setting({
    yaml: "webhooks.allowLoopback",
    env: "KUBEWITNESS_WEBHOOKS_ALLOW_LOOPBACK",
    kind: value.yesOrNo,
    default: false,
    meaning: "Whether a webhook may go to this machine's loopback address, and over plain http there.",
  }),
  allowLinkLocal: setting({
    yaml: "webhooks.allowLinkLocal",
    env: "KUBEWITNESS_WEBHOOKS_ALLOW_LINK_LOCAL",
    kind: value.yesOrNo,
    default: false,
    meaning: "Whether a webhook may go to a link-local address (cloud metadata services have one).",
  }),
};
