import fc from "fast-check";

/**
 * fast-check with a seed that is the same in every run, so that `npm test` says the same of the same sources. `PROPERTY_SEED=random` looks
 * elsewhere each time (for longer searches), and `PROPERTY_SEED=<number>` repeats what a failure named.
 */
const FIXED_SEED = 20_261_128;

function seedOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return FIXED_SEED;
  if (text === "random") return undefined;
  const seed = Number(text);
  if (!Number.isInteger(seed))
    throw new Error(`PROPERTY_SEED got ${text}: takes random or the seed that a failure named`);
  return seed;
}

const seed = seedOf(process.env.PROPERTY_SEED);
fc.configureGlobal(seed === undefined ? {} : { seed });

const factor = Number(process.env.PROPERTY_RUNS || 1);
if (!(factor > 0))
  throw new Error(
    `PROPERTY_RUNS got ${process.env.PROPERTY_RUNS}: takes how many times as many to try, such as 10`,
  );

/** How many a property is tried with that asks the database for each: so many in `npm test`, `PROPERTY_RUNS` times as many in a longer search. */
export const runsOf = (count: number): number => Math.ceil(count * factor);

export default fc;
