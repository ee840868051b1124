import { config } from "../../config.ts";

export const SIGN_IN_PAGE = "/signin";
/** The reason on that page where the identity provider does not answer. */
export const UNREACHABLE = "OAuthSignin";

export interface SignInPageReason {
  /** Why one is (still) there, as the page knows it. */
  error: string;
  /** The id of the provider that it is about. */
  provider?: string;
  /** Where one wanted to go. */
  returnPath?: string;
}

/** The address of the sign-in page for who has to try again: they are led where they wanted all the same. */
export function signInPage({ error, provider, returnPath = "/" }: SignInPageReason): string {
  const target = new URL(SIGN_IN_PAGE, config().publicUrl);
  target.searchParams.set("error", error);
  if (provider !== undefined) target.searchParams.set("provider", provider);
  if (returnPath !== "/") target.searchParams.set("callbackUrl", returnPath);
  return target.href;
}
