import { Failure } from "../program/failure.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Profile } from "./profiles.ts";
import { type KeptToken, readSignIn, type SignIn } from "./sign-in.ts";

export type NamedProfile = Profile & { name: string };

/** What ends sooner is taken for over: it must last for the call that it is for, and clocks differ. */
const LEAST_LEFT_MS = 60_000;

export interface Wanted {
  terminal: Pick<Terminal, "env">;
  profile: NamedProfile;
  /** Of the API where it is left out. */
  cluster?: string;
  /** A token that was refused: another is asked for. */
  not?: string;
}

/** What is kept of a sign-in. @throws Failure `notSignedIn` */
export function requireSignIn({ terminal, profile }: Wanted): SignIn {
  const signIn = readSignIn(terminal, profile.name);
  const { url } = profile;
  if (signIn?.url === url) return signIn;
  throw new Failure("notSignedIn", `You are not signed in to ${url}. Run: kubewitness login ${url}`);
}

/** The kept token, where it counts long enough. */
export function keptToken(signIn: SignIn, { cluster, not }: Wanted): KeptToken | null {
  const kept = cluster === undefined ? signIn.access : signIn.clusters[cluster];
  if (!kept || kept.token === not || kept.expiresAt - Date.now() < LEAST_LEFT_MS) return null;
  return kept;
}
