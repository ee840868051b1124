import type { OAuthConfig } from "next-auth/providers/oauth";
import type { ConsoleRole } from "../../../context.ts";
import type { ClaimedGroups } from "./group-claim.ts";

/** Longer than this nobody waits for a sign-in page. */
export const PROVIDER_TIMEOUT_MS = 5_000;

/**
 * A way to sign in. A folder here is a kind of provider, and makes these of what is configured; all that is particular to a kind is
 * behind this interface. The registry gives them anew for each request. `flow`: how one signs in there.
 */
export type IdentityProvider = OAuthProvider | SamlProvider | LocalProvider;

/** What every kind says of itself. */
export interface ProviderOfAnyKind {
  /** As configured: in the address of its callback, with sessions, in events. */
  id: string;
  kind: string;
  /** What its button on the sign-in page says. */
  name: string;
  /** What its people and groups are kept under (lib/config/issuer.ts). */
  issuer: string;
  /** Of the provider that it replaces, whose people it may vouch for; null: it replaces none. */
  formerIssuer: string | null;
  /** What addresses of its people end with, after the @; none: anything. */
  allowedDomains: readonly string[];
  /** Whether its people may be people of another provider who have the same verified address. */
  linkVerifiedEmail: boolean;
  /** What groups are called whose names are ids. */
  groupNames: Readonly<Record<string, string>>;
  /** The setting to name in messages about one of its fields. */
  nameSetting(field: string): string;
  /** What these groups of the provider's are in the console. */
  consoleRoleOf(groups: readonly string[]): ConsoleRole;
}

/** One that next-auth speaks with: by OAuth 2.0. */
export interface OAuthProvider extends ProviderOfAnyKind {
  flow: "oauth";
  /**
   * next-auth's options to begin or to finish one attempt.
   * @throws ProviderUnreachable
   */
  signInWith(attempt: ProviderAttempt): Promise<OAuthConfig<Claims>>;
  /**
   * Who the provider says that this is.
   * @throws Error that says what is missing or wrong.
   */
  identify(answer: ProviderAnswer): Promise<ProviderIdentity>;
  /** Where a browser is sent to sign out at the provider, too. */
  signOutAddress(session: ProviderSignOut): string;
  /**
   * Whose sessions the provider says have ended (OpenID Connect Back-Channel Logout 1.0, section 2.6).
   * @throws Error that says why its word does not count.
   */
  readLogoutToken(token: string): Promise<LogoutNotice>;
  /**
   * Asks whether somebody who signed in may still do so.
   * @throws Error where the provider gives no clear answer: that says nothing of the person.
   */
  confirm(question: ConfirmationQuestion): Promise<Confirmation>;
}

/** One that posts a signed assertion (SAML 2.0). */
export interface SamlProvider extends ProviderOfAnyKind {
  flow: "saml";
  /** This installation's metadata, as XML. */
  ownMetadata(): string;
  /**
   * What to ask the provider, and where: a browser is sent there, and `relayState` comes back with the answer.
   * @throws ProviderUnreachable
   */
  requestSignIn(relayState: string): Promise<{ request: SamlQuestion; location: string }>;
  /**
   * Who the provider says that this is, in answer to that request. `encoded`: base64, as it was posted.
   * @throws Error that says why the answer does not count, ProviderUnreachable.
   */
  identify(answer: { encoded: string; request: SamlQuestion }): Promise<ProviderIdentity>;
}

/** A request to a SAML provider that is under way. */
export interface SamlQuestion {
  id: string;
  beganAt: Date;
}

/** This installation itself: a form of the sign-in page, and people who are known here alone. */
export interface LocalProvider extends ProviderOfAnyKind {
  flow: "local";
}

export type Claims = Record<string, unknown>;

/** One sign-in on its way to the provider and back. */
export interface ProviderAttempt {
  /** The `state` that it goes by at the provider. */
  id: string;
  step: "begin" | "finish";
  /** Tells who is signing in as soon as that is known, for the event of a sign-in that fails later. */
  onClaimed(name: string): void;
  /** Tells why the provider's answer is refused: next-auth keeps that to itself. */
  onRefusal(reason: string): void;
  /** Tells where one signs out at the provider; null where one does not. */
  onSignOutAddress(address: string | null): void;
}

/** What came of a sign-in at the provider. */
export interface ProviderAnswer {
  claims: Claims;
  accessToken: string | null;
}

/** What the identity provider says of a person who signs in. */
export interface ProviderIdentity {
  /** The provider's: with the subject it says who this is (OpenID Connect Core 1.0, section 5.7). */
  issuer: string;
  /** The provider's own, stable name of the person: the claim `sub`. */
  subject: string;
  email: string;
  /** Whether the provider says that the address is the person's own. */
  emailVerified: boolean;
  name: string;
  groups: ClaimedGroups;
}

/** What is kept of a session's provider to sign out there. */
export interface ProviderSignOut {
  /** Of the provider, when the session began. */
  address: string;
  /** The ID token, by which it knows whose session it is; null where it is too long for an address. */
  idToken: string | null;
}

/** The word of a provider that a person's sessions have ended: the one that it calls `sid`, or all of `sub`. */
export interface LogoutNotice {
  /** Of this notice alone. */
  id: string;
  expiresAt: Date;
  sessionId: string | null;
  subject: string | null;
}

export interface ConfirmationQuestion {
  subject: string;
  refreshToken: string;
  /** Stores the refresh token that comes after this one, before anything else is done with the answer: this one may be spent. */
  keepRefreshToken(next: string): Promise<void>;
}

export type Confirmation =
  /** The groups that the provider names now; null where it does not say, and nothing has changed. */
  | { kind: "confirmed"; groups: ClaimedGroups | null }
  /** It vouches no more: the person is disabled, or took their consent back. */
  | { kind: "withdrawn"; reason: string };

/** A sign-in cannot begin or end because the provider does not answer, or not as one. Others are not touched by it. */
export class ProviderUnreachable extends Error {
  constructor(provider: string, cause: unknown) {
    super(`the identity provider ${provider} could not be asked: ${(cause as Error).message}`, { cause });
    this.name = "ProviderUnreachable";
  }
}
