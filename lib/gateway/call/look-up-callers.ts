import type { AuthenticatedToken } from "../../identity/actor/authenticated-token.ts";
import type { Caller } from "./caller.ts";

export interface CallerLookUp {
  authenticateToken(token: string): Promise<AuthenticatedToken | null>;
  onError(error: unknown): void;
}

/** How many tokens are looked up at once: calls that begin meanwhile share the database. */
const AT_ONCE = 4;

/**
 * Whom the calls' tokens speak for now, one look-up a token; null where one does not count any more. A token that cannot be looked up is
 * left out: while the database is away, what was allowed a moment ago stays so, as for new calls.
 */
export async function lookUpCallers<Call extends { caller: Caller }>(
  calls: Iterable<Call>,
  { authenticateToken, onError }: CallerLookUp,
  tell: (call: Call, now: AuthenticatedToken | null) => void,
): Promise<void> {
  const tokens = Map.groupBy(calls, ({ caller }) => caller.token).entries();
  const lookUpNext = async () => {
    for (const [token, itsCalls] of tokens) {
      try {
        const now = await authenticateToken(token);
        for (const call of itsCalls) tell(call, now);
      } catch (error) {
        onError(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lookUpNext));
}
