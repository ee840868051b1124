import { isScope, type Scope } from "../../access/key-scopes/schema.ts";
import { TokenRequestError } from "./token-request.ts";

/**
 * The scopes that a client asks for (RFC 6749, section 3.3), none of them beyond what it has; without any, all that it has.
 * @throws TokenRequestError `invalid_scope`
 */
export function requestedScopes(
  text: string | undefined,
  has: readonly Scope[] | null,
): readonly Scope[] | null {
  const asked = [...new Set((text ?? "").split(" ").filter(Boolean))];
  if (asked.length === 0) return has;
  const beyond = asked.filter((scope) => !isScope(scope) || (has !== null && !has.includes(scope)));
  if (beyond.length > 0) {
    const takes = has === null ? "scopes that there are" : `of ${has.join(" ")}`;
    throw new TokenRequestError(
      "invalid_scope",
      `scope takes ${takes}; ${beyond.length} of those asked for are none.`,
    );
  }
  return asked.filter(isScope);
}
