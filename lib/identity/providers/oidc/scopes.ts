import type { OidcConfig } from "../../../config.ts";
import { log } from "../../../log.ts";
import { discoverProvider } from "./metadata.ts";

const NEEDED = ["openid", "profile", "email"];
/** Groups, and the refresh token that tells later whether the person may still sign in. Some providers refuse scopes that they do not know. */
const WHERE_LISTED = ["groups", "offline_access"];

/** The scopes to ask for: as configured, else what is needed and what helps, as far as the provider lists it. */
export async function scopesToAskFor({ issuer, scopes }: OidcConfig): Promise<string> {
  if (scopes !== null) return scopes;
  try {
    const { scopes_supported: listed } = await discoverProvider(issuer);
    return [...NEEDED, ...WHERE_LISTED.filter((scope) => listed.includes(scope))].join(" ");
  } catch (error) {
    // The sign-in itself looks the provider up next, and fails if that does.
    log.warn({ err: error }, "the identity provider's scopes could not be learnt");
    return [...NEEDED, ...WHERE_LISTED].join(" ");
  }
}
