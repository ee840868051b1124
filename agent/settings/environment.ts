import { AgentError } from "../agent-error.ts";

/** The variables that a process was started with. */
export type Environment = Record<string, string | undefined>;

/** The first of the variables that is set and not empty. */
export function textOf(environment: Environment, ...names: string[]): string | null {
  for (const name of names) {
    const text = environment[name]?.trim();
    if (text) return text;
  }
  return null;
}

/** What a variable got and what it takes, as an error that ends the program. `got` is left out where it is a secret. */
export function wrongSetting(name: string, { got, takes }: { got?: string; takes: string }): AgentError {
  const shown = got === undefined ? "" : ` got ${JSON.stringify(got.slice(0, 200))}:`;
  return new AgentError(`${name}${shown || ":"} takes ${takes}`, { final: true });
}

/** One of a few words. */
export function choiceOf<Choice extends string>(
  environment: Environment,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const got = textOf(environment, name);
  if (got === null) return choices[0];
  const choice = choices.find((each) => each === got);
  if (choice === undefined) throw wrongSetting(name, { got, takes: choices.join(" or ") });
  return choice;
}

/** A whole number within bounds. */
export function numberOf(
  environment: Environment,
  name: string,
  { least, most, unset }: { least: number; most: number; unset: number },
): number {
  const got = textOf(environment, name);
  if (got === null) return unset;
  const number = /^\d{1,9}$/.test(got) ? Number(got) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw wrongSetting(name, { got, takes: `a whole number from ${least} to ${most}` });
}
