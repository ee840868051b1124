import { setting } from "./setting.ts";
import * as value from "./values.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const life = value.durationWithin(
  5 * MINUTE_MS,
  30 * DAY_MS,
  "a length of time from 5m to 30d, such as 30m or 12h",
);

/** How long a browser stays signed in: `sessions.*`. Both hold for sessions that run, from when they are changed. */
export const sessionSettings = {
  idleMs: setting({
    yaml: "sessions.idle",
    env: "KUBEWITNESS_SESSIONS_IDLE",
    kind: life,
    default: 60 * MINUTE_MS,
    defaultText: "`1h`",
    meaning:
      "How long nobody may use a console session before it ends. What a page asks for by itself, with nobody at it, is no use.",
    changeable: true,
  }),
  lifetimeMs: setting({
    yaml: "sessions.lifetime",
    env: "KUBEWITNESS_SESSIONS_LIFETIME",
    kind: life,
    default: 12 * 60 * MINUTE_MS,
    defaultText: "`12h`",
    meaning: "How long a console session lasts at most, used or not; then one signs in again.",
    changeable: true,
  }),
};
