import type { Circumstances } from "./circumstances.ts";
import { ALWAYS, every, type Standing } from "./standing.ts";

/** What can be required of circumstances, as it is stored. */
interface Requirements {
  /** The time from which on it does not hold any more. */
  expiresAt: Date;
}

/** One requirement, compiled. Pure. */
export interface Condition {
  standing(circumstances: Circumstances): Standing;
  /** What to say where it does not hold, after "your grant in cluster …": `expired at 2026-11-28T12:00:00.000Z`. */
  unmet: string;
}

const COMPILERS: { [K in keyof Requirements]: (required: Requirements[K]) => Condition } = {
  expiresAt: endsAt,
};

/** The conditions of what holds only under these circumstances; what is null or left out is not required. */
export function compileConditions(
  required: {
    [K in keyof Requirements]?: Requirements[K] | null;
  },
): Condition[] {
  const compile = <K extends keyof Requirements>(name: K): Condition[] => {
    const value = required[name] ?? null;
    return value === null ? [] : [COMPILERS[name](value)];
  };
  return (Object.keys(COMPILERS) as (keyof Requirements)[]).flatMap(compile);
}

/** Whether the circumstances meet all conditions. */
export function meets(conditions: readonly Condition[], circumstances: Circumstances): Standing {
  return every(conditions, (condition) => condition.standing(circumstances));
}

function endsAt(end: Date): Condition {
  const at = end.getTime();
  const before: Standing = { ...ALWAYS, until: at };
  const after: Standing = { ...ALWAYS, holds: false, since: at };
  return {
    standing: ({ time }) => (time < at ? before : after),
    unmet: `expired at ${end.toISOString()}`,
  };
}
