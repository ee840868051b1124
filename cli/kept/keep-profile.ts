import type { Terminal } from "../terminal/terminal.ts";
import { withFileLock } from "./file-lock.ts";
import { profilesFile } from "./folder.ts";
import { writePrivateFile } from "./private-file.ts";
import { type Profile, readProfiles } from "./profiles.ts";

/** Keeps a profile, and has it be the one that commands use. */
export async function keepProfile(
  { env }: Pick<Terminal, "env">,
  name: string,
  profile: Profile,
): Promise<void> {
  const file = profilesFile(env);
  await withFileLock(file, async () => {
    const { profiles } = readProfiles({ env });
    const all = { current: name, profiles: { ...profiles, [name]: profile } };
    writePrivateFile(file, `${JSON.stringify(all, null, 2)}\n`);
  });
}
