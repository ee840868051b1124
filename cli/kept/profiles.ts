import { Failure } from "../program/failure.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { profilesFile } from "./folder.ts";
import { readPrivateFile } from "./private-file.ts";

/** An installation that one has signed in to. */
export interface Profile {
  /** The console's address, as the installation itself calls it; without a slash at the end. */
  url: string;
  /** PEM of the authorities that its certificate must be from; null where those of the machine are asked. */
  certificateAuthority: string | null;
}

interface Profiles {
  /** The last login's. */
  current: string | null;
  profiles: Record<string, Profile>;
}

const NAME = /^[a-z\d][a-z\d._-]{0,62}$/i;

/** Names are parts of file names and of kubeconfigs. @throws Failure */
export function checkProfileName(name: string): string {
  if (NAME.test(name)) return name;
  throw new Failure(
    "usage",
    `--profile got ${JSON.stringify(name)}: takes up to 63 letters, digits, dots, dashes and underscores, a letter or digit first.`,
  );
}

/** What a profile is called where nobody says: `audit.example.com`, `localhost-3000`. */
export const profileNameOf = (url: string): string =>
  new URL(url).host.replaceAll(/[^a-z\d.-]/gi, "-").replace(/^-+/, "");

export function readProfiles({ env }: Pick<Terminal, "env">): Profiles {
  const file = profilesFile(env);
  const text = readPrivateFile(file);
  if (text === null) return { current: null, profiles: {} };
  try {
    const { current, profiles } = JSON.parse(text);
    return { current, profiles: Object.assign(Object.create(null), profiles) };
  } catch {
    throw new Failure("failed", `${file} is not JSON: remove it, then run: kubewitness login`);
  }
}

/** The profile that a command uses. @throws Failure `usage` for one that there is not, `notSignedIn` where there is none at all. */
export function chooseProfile(
  { env }: Pick<Terminal, "env">,
  wanted: string | undefined,
): Profile & { name: string } {
  const { current, profiles } = readProfiles({ env });
  const name = wanted ?? (env.KUBEWITNESS_CLI_PROFILE || current);
  if (name === null || name === undefined)
    throw new Failure(
      "notSignedIn",
      "You are not signed in. Run: kubewitness login https://audit.example.com",
    );
  const profile = profiles[checkProfileName(name)];
  if (profile) return { ...profile, name };
  const takes = Object.keys(profiles).sort().join(", ") || "none, as there was no login yet";
  throw new Failure("usage", `There is no profile ${JSON.stringify(name)}: takes ${takes}.`);
}
