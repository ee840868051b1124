import { setting } from "./setting.ts";
import * as value from "./values.ts";

/** What a second factor may be demanded for. */
const SECOND_FACTOR_USES = ["recordings", "exports", "access"] as const;
export type SecondFactorUse = (typeof SECOND_FACTOR_USES)[number];

/** The settings of second factors: `secondFactor.*`. */
export const secondFactorSettings = {
  requiredFor: setting({
    yaml: "secondFactor.required_for",
    env: "KUBEWITNESS_SECOND_FACTOR_REQUIRED_FOR",
    kind: value.listOf(value.oneOf(SECOND_FACTOR_USES), "a list of recordings, exports and access"),
    default: [] as SecondFactorUse[],
    meaning:
      "What people show a second factor for: playing recordings, exporting, changing access (people, grants, roles, projects, clusters, applications, settings).",
    changeable: true,
    ifUnreadable: [...SECOND_FACTOR_USES],
  }),
  withinMs: setting({
    yaml: "secondFactor.within",
    env: "KUBEWITNESS_SECOND_FACTOR_WITHIN",
    kind: value.duration,
    default: 15 * 60_000,
    defaultText: "`15m`",
    meaning: "How long a second factor that was shown counts for those.",
    changeable: true,
    ifUnreadable: 60_000,
  }),
};

/** The settings of local people: `local.*`. */
export const localSettings = {
  firstVisit: setting({
    yaml: "local.first_visit",
    env: "KUBEWITNESS_LOCAL_FIRST_VISIT",
    kind: value.yesOrNo,
    default: false,
    meaning:
      "Whether, while nobody is an administrator here, a start writes a one-time code into the log with which the first visitor becomes a local one. Then no identity provider has to be configured.",
  }),
};
