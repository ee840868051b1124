import { setting } from "./setting.ts";
import * as value from "./values.ts";

const DAY_MS = 86_400_000;

/** The settings of agents of clusters that nothing can dial: `agents.*`. */
export const agentSettings = {
  certificateLifetimeMs: setting({
    yaml: "agents.certificate_lifetime",
    env: "KUBEWITNESS_AGENTS_CERTIFICATE_LIFETIME",
    kind: value.durationWithin(3_600_000, 365 * DAY_MS, "a length of time from 1h to 365d, such as 30d"),
    default: 30 * DAY_MS,
    defaultText: "`30d`",
    meaning:
      "How long an agent's certificate counts. It is renewed from two thirds of that on; an agent that is away longer joins anew.",
    changeable: true,
    ifUnreadable: DAY_MS,
  }),
};
