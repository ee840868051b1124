import { durationMs, type RuleConditions } from "./conditions/schema.ts";
import { compileExpression } from "./expression/compile-expression.ts";
import { compileWindow } from "./hours.ts";
import { compileNetworks } from "./network.ts";
import type { Question } from "./question.ts";
import { ALWAYS, NEVER, type Standing } from "./standing.ts";

/** One condition of a rule, compiled. Pure. */
export interface RuleCondition {
  standing(question: Question): Standing;
  /** What to say where an allow rule's does not hold, after "role … allows it only": `from 10.0.0.0/8, and you call from 192.0.2.7`. */
  words(question: Question): string;
}

/** What depends on the time in a way that cannot be foreseen is asked again after this time, of running calls. */
const ASK_AGAIN_MS = 10_000;
/** By how much the clock that noted a second factor may be ahead of ours. */
const CLOCK_SKEW_MS = 60_000;

/** @param whenUnknown what it comes to where it cannot be told: a deny rule denies, an allow rule does not allow. */
export function compileRuleConditions(when: RuleConditions, whenUnknown: boolean): RuleCondition[] {
  const { networks, hours, weekdays, timeZone = "UTC", accessMethods, secondFactorWithin, expression } = when;
  return [
    accessMethods && byMethod(accessMethods),
    networks && fromNetworks(networks, whenUnknown),
    secondFactorWithin && withinSecondFactor(secondFactorWithin),
    (hours || weekdays) && within({ hours, weekdays, timeZone }),
    expression && byExpression(expression, whenUnknown),
  ].filter((condition) => typeof condition === "object");
}

const standingOf = (holds: boolean) => (holds ? ALWAYS : NEVER);

function byMethod(methods: NonNullable<RuleConditions["accessMethods"]>): RuleCondition {
  const names = methods.map((method) =>
    method === "CLI" ? "with a program such as kubectl" : "in the web shell",
  );
  return {
    standing: ({ circumstances }) => standingOf(methods.includes(circumstances.accessMethod)),
    words: () => names.join(" or "),
  };
}

function fromNetworks(networks: readonly string[], whenUnknown: boolean): RuleCondition {
  const isWithin = compileNetworks(networks);
  return {
    standing: ({ address }) => standingOf(address === null ? whenUnknown : isWithin(address)),
    words: ({ circumstances }) =>
      `from ${networks.join(", ")}, and you call from ${circumstances.clientAddress ?? "an address that is not known"}`,
  };
}

function withinSecondFactor(text: string): RuleCondition {
  const within = durationMs(text);
  return {
    standing: ({ circumstances: { secondFactorAt, time } }) => {
      // What is noted for a time that is still to come says nothing.
      if (secondFactorAt === null || secondFactorAt > time + CLOCK_SKEW_MS) return NEVER;
      const until = secondFactorAt + within;
      return time < until ? { ...ALWAYS, until } : { ...NEVER, since: until };
    },
    words: () =>
      `within ${text} after you showed a second factor; show it in the console, My security, and use what is issued to you then`,
  };
}

function within({
  hours,
  weekdays,
  timeZone,
}: Pick<RuleConditions, "hours" | "weekdays"> & { timeZone: string }): RuleCondition {
  const standingAt = compileWindow({ hours: hours ?? null, weekdays: weekdays ?? null, timeZone });
  const words = [
    hours && `from ${hours.from} to ${hours.to}`,
    weekdays && `on ${weekdays.join(", ")}`,
    `(${timeZone})`,
  ];
  return {
    standing: ({ circumstances }) => standingAt(circumstances.time),
    words: () => words.filter(Boolean).join(" "),
  };
}

/** One that fails, as for a label that is not there, cannot be told. */
function byExpression(source: string, whenUnknown: boolean): RuleCondition {
  const { evaluate, usesNow } = compileExpression(source);
  const holds = (question: Question): boolean => {
    try {
      return evaluate(question.facts);
    } catch {
      return whenUnknown;
    }
  };
  return {
    standing: (question) => {
      const standing = standingOf(holds(question));
      const { time } = question.circumstances;
      return usesNow ? { ...standing, since: time, until: time + ASK_AGAIN_MS } : standing;
    },
    words: () => "under a condition that is not met",
  };
}
