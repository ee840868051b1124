import type { OidcProviderConfig } from "../../../config.ts";
import { readGroups } from "../provider/group-claim.ts";
import type { Confirmation, ConfirmationQuestion } from "../provider/identity-provider.ts";
import { discoverProvider } from "./metadata.ts";
import { readClaims, redeemRefreshToken } from "./refresh.ts";

/** Redeems the person's refresh token: whoever gets none for it may not sign in any more. */
export async function confirmPerson(
  settings: OidcProviderConfig,
  { subject, refreshToken, keepRefreshToken }: ConfirmationQuestion,
): Promise<Confirmation> {
  const metadata = await discoverProvider(settings);
  const redeemed = await redeemRefreshToken(settings, { metadata, refreshToken });
  if (redeemed.kind === "withdrawn") return redeemed;
  if (redeemed.refreshToken !== null) await keepRefreshToken(redeemed.refreshToken);
  const claim = (await readClaims(settings, { ...redeemed, metadata, subject }))[settings.groupsClaim];
  // A refreshed ID token need not repeat every claim; what it does not say has not changed.
  return { kind: "confirmed", groups: claim === undefined || claim === null ? null : readGroups(claim) };
}
