import type { OAuthConfig } from "next-auth/providers/oauth";
import type { ConsoleRole } from "../../../context.ts";
import type { ClaimedGroups } from "./group-claim.ts";

/**
 * A way to sign in. A folder here is a kind of provider, and makes these of what is configured; all that is particular to a kind is
 * behind this interface. The registry gives them anew for each request. `flow`: how one signs in there.
 */
export type IdentityProvider = OAuthProvider | LocalProvider;

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
  /**
   * Asks whether somebody who signed in may still do so.
   * @throws Error where the provider gives no clear answer: that says nothing of the person.
   */
  confirm(question: ConfirmationQuestion): Promise<Confirmation>;
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
  name: string;
  groups: ClaimedGroups;
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
