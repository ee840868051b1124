import type { Circumstances } from "./circumstances.ts";
import { ALWAYS, every, type Standing } from "./standing.ts";

/** What circumstances are required, as it is stored. Each may be left open: null. */
export interface Requirements {
  expiresAt: Date | null;
}

/** One requirement, compiled. Pure. */
export interface Condition {
  standing(circumstances: Circumstances): Standing;
  /** What to say where it does not hold, after "your grant in cluster …": `expired at 2026-11-28T12:00:00.000Z`. */
  unmet: string;
}

type Compile<K extends keyof Requirements> = (required: NonNullable<Requirements[K]>) => Condition;

const COMPILERS: { [K in keyof Requirements]: Compile<K> } = { expiresAt: endsAt };

/** The conditions of what holds only under these circumstances; none where nothing is required. */
export function compileConditions(required: Requirements): Condition[] {
  const compile = <K extends keyof Requirements>(name: K): Condition[] => {
    const value = required[name];
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
