import { z } from "zod";
import { issuerName } from "../../../config/issuer.ts";
import { nameProviderSetting } from "../../../config/providers.ts";
import type { OidcProviderConfig } from "../../../config.ts";
import { PersonEmail } from "../../../names/schema.ts";
import { readGroups } from "../provider/group-claim.ts";
import type { Claims as GivenClaims, ProviderIdentity } from "../provider/identity-provider.ts";
import { shownName } from "../provider/shown-name.ts";

/** Providers write null, and other things, for what they do not know. */
const optionalText = z.preprocess(
  (value) => (typeof value === "string" ? value : undefined),
  z.string().optional(),
);

const Claims = z.object({
  iss: z.string(),
  sub: z
    .string()
    .min(1)
    .max(255)
    .refine((sub) => !sub.includes("\0")),
  email: PersonEmail,
  // A boolean by the standard (section 5.1); a text at some providers.
  email_verified: z
    .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")])
    .nullish(),
  name: optionalText,
  preferred_username: optionalText,
});

/**
 * Reads the claims of an ID token, and of userinfo where that was asked (OpenID Connect Core 1.0, section 5.1). `issuer`: what the person
 * is kept under.
 * @throws Error that names the claim which is missing or wrong.
 */
export function readIdentity(
  claims: GivenClaims,
  { settings, issuer }: { settings: OidcProviderConfig; issuer: string },
): ProviderIdentity {
  const { emailClaim, nameClaim } = settings;
  const parsed = Claims.safeParse({ ...claims, email: claims[emailClaim], name: claims[nameClaim] });
  if (!parsed.success) throw new Error(claimProblem(parsed.error, settings));
  const { iss, sub, email, email_verified, name, preferred_username } = parsed.data;
  if (issuerName(iss) !== issuerName(settings.issuer)) {
    const setting = nameProviderSetting(settings, "issuer");
    throw new Error(`the identity provider calls itself ${iss}, and ${setting} is ${settings.issuer}`);
  }
  if (email_verified === false) throw new Error(`the identity provider has not verified ${email}`);
  return {
    issuer,
    subject: sub,
    email,
    // The word of the claim `email_verified` is about the claim `email` alone.
    emailVerified: email_verified === true && emailClaim === "email",
    name: shownName(name) || shownName(preferred_username) || email,
    groups: readGroups(claims[settings.groupsClaim]),
  };
}

function claimProblem(error: z.ZodError, settings: OidcProviderConfig): string {
  const named = (field: string) => (field === "email" ? settings.emailClaim : field);
  const claims = [...new Set(error.issues.map((issue) => named(issue.path.join("."))))];
  return `the claim ${claims.join(", ")} is missing or wrong, in the ID token and in userinfo: ask for it in ${nameProviderSetting(settings, "scopes")}`;
}
