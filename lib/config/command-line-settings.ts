import { setting } from "./setting.ts";
import * as value from "./values.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a login of the command line counts: `commandLine.*`. Idle and lifetime hold for logins that there are, from when they are changed. */
export const commandLineSettings = {
  tokenLifetimeMs: setting({
    yaml: "commandLine.tokenLifetime",
    env: "KUBEWITNESS_COMMAND_LINE_TOKEN_LIFETIME",
    kind: value.durationWithin(5 * 60_000, DAY_MS, "a length of time from 5m to 24h, such as 8h"),
    default: 8 * HOUR_MS,
    defaultText: "`8h`",
    meaning:
      "Life of an access token that a login of the command line is given. A watch or shell ends with the token that it was begun with.",
    changeable: true,
    ifUnreadable: 5 * 60_000,
  }),
  idleMs: setting({
    yaml: "commandLine.idle",
    env: "KUBEWITNESS_COMMAND_LINE_IDLE",
    kind: value.durationWithin(HOUR_MS, 90 * DAY_MS, "a length of time from 1h to 90d, such as 3d"),
    default: 3 * DAY_MS,
    defaultText: "`3d`",
    meaning: "How long nobody may use a login of the command line before it ends.",
    changeable: true,
    ifUnreadable: HOUR_MS,
  }),
  lifetimeMs: setting({
    yaml: "commandLine.lifetime",
    env: "KUBEWITNESS_COMMAND_LINE_LIFETIME",
    kind: value.durationWithin(HOUR_MS, 90 * DAY_MS, "a length of time from 1h to 90d, such as 7d"),
    default: 7 * DAY_MS,
    defaultText: "`7d`",
    meaning:
      "How long a login of the command line lasts at most, used or not; never longer than `tokens.lifetime`.",
    changeable: true,
    ifUnreadable: HOUR_MS,
  }),
};
