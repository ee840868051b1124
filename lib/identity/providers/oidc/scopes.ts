import type { OidcProviderConfig } from "../../../config.ts";
import type { ProviderMetadata } from "./metadata.ts";

const NEEDED = ["openid", "profile", "email"];
/** Groups, and the refresh token that tells later whether the person may still sign in. Some providers refuse scopes that they do not know. */
const WHERE_LISTED = ["groups", "offline_access"];

/** The scopes to ask for: as configured, else what is needed and what helps, as far as the provider lists it. */
export function scopesToAskFor(
  { scopes }: OidcProviderConfig,
  { scopes_supported: listed }: Pick<ProviderMetadata, "scopes_supported">,
): string {
  return scopes ?? [...NEEDED, ...WHERE_LISTED.filter((scope) => listed.includes(scope))].join(" ");
}
