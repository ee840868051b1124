import type { Config } from "./load-config.ts";

/**
 * What people and groups are kept under: the issuer of the identity provider. With and without a trailing slash it is the same one, as
 * administrators write it. The demo's provider has another port at each start, and is one all the same.
 */
export function issuerInEffect({ oidc, demo }: Pick<Config, "oidc" | "demo">): string {
  if (demo) return "demo";
  if (!oidc) throw new Error("no identity provider is configured");
  return issuerName(oidc.issuer);
}

/** The issuer of the provider that the present one replaces; null where it replaces none. */
export function formerIssuer({ oidc, demo }: Pick<Config, "oidc" | "demo">): string | null {
  return demo || !oidc?.formerIssuer ? null : issuerName(oidc.formerIssuer);
}

export const issuerName = (issuer: string) => issuer.replace(/\/$/, "");
