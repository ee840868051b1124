import { isSeen } from "../../../names/schema.ts";

/** So many groups of one person count. */
const MOST_GROUPS = 10_000;
const MOST_CHARACTERS = 200;
/** So many of those that are left out are described. */
const MOST_DESCRIBED = 5;

export interface ClaimedGroups {
  names: string[];
  /** What the provider named and cannot be a group, without repeating it; null where there is nothing of the kind. */
  leftOut: string | null;
}

/**
 * Reads the claim that lists a person's groups: a list, or a text where there is one. null and no claim are no groups. What cannot be a
 * group is left out: nobody is locked out for it, and no access comes by it.
 */
export function readGroups(claim: unknown): ClaimedGroups {
  const listed = Array.isArray(claim) ? claim : claim === undefined || claim === null ? [] : [claim];
  const usable = [...new Set(listed.filter((each): each is string => problemOf(each) === null))];
  const problems = listed.map(problemOf).filter((problem) => problem !== null);
  if (usable.length > MOST_GROUPS)
    problems.push(`${usable.length - MOST_GROUPS} groups beyond ${MOST_GROUPS}`);
  return { names: usable.slice(0, MOST_GROUPS), leftOut: describe(problems) };
}

function problemOf(group: unknown): string | null {
  if (typeof group !== "string") return `${group === null ? "null" : `a value of type ${typeof group}`}`;
  if (group.trim() === "") return "a blank name";
  if (group.length > MOST_CHARACTERS) return `a name of ${group.length} characters`;
  return isSeen(group) && group.isWellFormed() ? null : "a name with characters that cannot be seen";
}

function describe(problems: readonly string[]): string | null {
  if (problems.length === 0) return null;
  const shown = problems.slice(0, MOST_DESCRIBED).join(", ");
  const more = problems.length > MOST_DESCRIBED ? ` and ${problems.length - MOST_DESCRIBED} more` : "";
  return `groups that the identity provider names were left out: got ${shown}${more}; takes names of 1 to ${MOST_CHARACTERS} characters that can be seen`;
}
