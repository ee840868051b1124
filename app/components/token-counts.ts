import type { AccessTokenView } from "../../lib/identity/tokens/schema.ts";

/** Whether a token counts now. */
export const tokenCounts = ({ revokedAt, expiresAt }: AccessTokenView): boolean =>
  revokedAt === null && Date.parse(expiresAt) > Date.now();
