import { z } from "zod";
import { issuerName } from "../../../config/issuer.ts";
import { nameProviderSetting } from "../../../config/providers.ts";
import type { OidcProviderConfig } from "../../../config.ts";
import { PersonEmail, UNSEEN } from "../../../names/schema.ts";
import { readGroups } from "../provider/group-claim.ts";
import type { Claims as GivenClaims, ProviderIdentity } from "../provider/identity-provider.ts";

const MOST_NAME_CHARACTERS = 200;

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
  const parsed = Claims.safeParse(claims);
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
    name: shownName(name) || shownName(preferred_username) || email,
    groups: readGroups(claims[settings.groupsClaim]),
  };
}

/** Many providers let people choose their display name: what `nameText` refuses is left out of it, so that they can sign in all the same. */
function shownName(name: string | undefined): string | undefined {
  return name?.replace(new RegExp(UNSEEN, "gu"), "").trim().slice(0, MOST_NAME_CHARACTERS).toWellFormed();
}

function claimProblem(error: z.ZodError, settings: OidcProviderConfig): string {
  const claims = [...new Set(error.issues.map((issue) => issue.path.join(".")))];
  return `the claim ${claims.join(", ")} is missing or wrong, in the ID token and in userinfo: ask for it in ${nameProviderSetting(settings, "scopes")}`;
}
