import { processState } from "../../../process-state.ts";

/** Grants that calls were allowed by since the last time they were written down. As many as there are grants, at the most. */
const noted = processState("access/grant-uses", () => ({ uses: new Map<string, number>() }));

/** A call was allowed by the grant, now. No write: see keep-uses.ts. */
export function noteGrantUse(grantId: string): void {
  noted.uses.set(grantId, Date.now());
}

/** What was noted, by grant, in milliseconds since the epoch; it is noted no longer. */
export function takeNotedUses(): ReadonlyMap<string, number> {
  const { uses } = noted;
  noted.uses = new Map();
  return uses;
}

/** Notes what could not be written down, unless there was a use since. */
export function returnUses(uses: ReadonlyMap<string, number>): void {
  for (const [grantId, at] of uses) if (!noted.uses.has(grantId)) noted.uses.set(grantId, at);
}
