import type { AuthenticatedToken } from "../../identity/actor/authenticated-token.ts";

/** Who calls. */
export interface Caller {
  token: string;
  authenticated: AuthenticatedToken;
}
