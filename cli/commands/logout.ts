import { withFileLock } from "../kept/file-lock.ts";
import { signInFile } from "../kept/folder.ts";
import { chooseProfile } from "../kept/profiles.ts";
import { readSignIn, removeSignIn } from "../kept/sign-in.ts";
import { postForm, TokenRefusal } from "../oauth/token-endpoint.ts";
import { defineCommand } from "../program/command.ts";
import { Failure } from "../program/failure.ts";

export const command = defineCommand({
  about: "end the sign-in",
  details:
    "Revokes it at the installation: every token of it ends, and what runs by one within seconds. Then what was kept of it here is removed.",
  arguments: [],
  options: {
    "only-here": {
      type: "boolean",
      about: "remove what is kept here although the installation cannot be asked",
    },
  },
  examples: ["kubewitness logout", "kubewitness logout --profile test"],
  async run({ terminal, options }) {
    const profile = chooseProfile(terminal, options.profile);
    const { name, url, certificateAuthority } = profile;
    const ended = await withFileLock(signInFile(terminal.env, name), async () => {
      const signIn = readSignIn(terminal, name);
      if (signIn === null) return false;
      const form = { token: signIn.refreshToken, token_type_hint: "refresh_token" };
      if (!options["only-here"]) await revoke({ url: signIn.revocationEndpoint, certificateAuthority }, form);
      removeSignIn(terminal, name);
      return true;
    });
    if (options.output === "json") terminal.print(JSON.stringify({ profile: name, url, ended }));
    else terminal.print(ended ? `Signed out of ${url}.` : `You were not signed in to ${url}.`);
    return undefined;
  },
});

async function revoke(
  endpoint: { url: string; certificateAuthority: string | null },
  form: Record<string, string>,
) {
  try {
    await postForm(endpoint, form);
  } catch (error) {
    const what = error instanceof TokenRefusal || error instanceof Failure ? error.message : String(error);
    const reason = error instanceof Failure ? error.reason : "failed";
    throw new Failure(
      reason,
      `The sign-in still counts. ${what} Then try again; kubewitness logout --only-here removes it from this machine alone.`,
    );
  }
}
