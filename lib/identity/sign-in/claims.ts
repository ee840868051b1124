import { z } from "zod";
import { UNSEEN } from "../../names/schema.ts";
import { GroupName, PersonEmail } from "../people/schema.ts";

/** What the identity provider says of a person who signs in. */
export interface ProviderIdentity {
  /** The provider's own, stable name of the person: the claim `sub`. */
  subject: string;
  email: string;
  name: string;
  groups: string[];
}

const Claims = z.object({
  sub: z.string().min(1).max(255),
  email: PersonEmail,
  email_verified: z.boolean().optional(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
});

// Some providers send a text where there is one group.
const Groups = z.union([z.array(GroupName), GroupName.transform((name) => [name])]).default([]);

/**
 * Reads the claims of an ID token, and of userinfo where that was asked (OpenID Connect Core 1.0, section 5.1).
 * @throws Error that names the claim which is missing or wrong.
 */
export function readIdentity(claims: Record<string, unknown>, groupsClaim: string): ProviderIdentity {
  const parsed = Claims.safeParse(claims);
  if (!parsed.success) throw new Error(claimProblem(parsed.error));
  const { sub, email, email_verified, name, preferred_username } = parsed.data;
  if (email_verified === false) throw new Error(`the identity provider has not verified ${email}`);
  return {
    subject: sub,
    email,
    name: withoutUnseen(name) || withoutUnseen(preferred_username) || email,
    groups: readGroups(claims, groupsClaim),
  };
}

/** Many providers let people choose their display name: what `nameText` refuses is left out of it, so that they can sign in all the same. */
const withoutUnseen = (name: string | undefined) => name?.replace(new RegExp(UNSEEN, "gu"), "").trim();

/** @throws Error where the claim is there and is not a list of names. */
export function readGroups(claims: Record<string, unknown>, groupsClaim: string): string[] {
  const groups = Groups.safeParse(claims[groupsClaim]);
  if (!groups.success) throw new Error(`the claim ${groupsClaim} (oidc.groupsClaim) is not a list of names`);
  return [...new Set(groups.data)];
}

function claimProblem(error: z.ZodError): string {
  const claims = [...new Set(error.issues.map((issue) => issue.path.join(".")))];
  return `the claim ${claims.join(", ")} is missing or wrong, in the ID token and in userinfo: ask for it in oidc.scopes`;
}
