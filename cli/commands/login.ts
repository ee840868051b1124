import { apiOfProfile } from "../http/api.ts";
import { readAuthority } from "../http/trust.ts";
import { withFileLock } from "../kept/file-lock.ts";
import { signInFile } from "../kept/folder.ts";
import { keepProfile } from "../kept/keep-profile.ts";
import type { NamedProfile } from "../kept/kept-token.ts";
import { checkProfileName, chooseProfile, profileNameOf, readProfiles } from "../kept/profiles.ts";
import { writeSignIn } from "../kept/sign-in.ts";
import { signInByBrowser } from "../oauth/authorization-code.ts";
import { signInByDevice } from "../oauth/device.ts";
import { type AuthorizationServer, discover, readAddress } from "../oauth/metadata.ts";
import { type TokenAnswer, TokenRefusal } from "../oauth/token-endpoint.ts";
import { defineCommand } from "../program/command.ts";
import { Failure } from "../program/failure.ts";
import { hasBrowser, openBrowser } from "../terminal/open-browser.ts";
import { printable, type Terminal } from "../terminal/terminal.ts";
import type { Me } from "./answers.ts";

export const command = defineCommand({
  about: "sign in to an installation",
  details:
    "Opens a browser, where you sign in as to the console and approve. Nothing that is secret is printed.",
  arguments: [
    { name: "URL", about: "the console's address; that of the profile where it is left out", optional: true },
  ],
  options: {
    device: { type: "boolean", about: "sign in with a browser of another machine, by a code" },
    "no-browser": { type: "boolean", about: "print the address and open nothing" },
    "certificate-authority": {
      type: "string",
      value: "FILE",
      about: "PEM of the authority of the console's certificate, which is kept",
      completes: "files",
    },
    "allow-http": { type: "boolean", about: "to another machine without encryption" },
  },
  examples: [
    "kubewitness login https://audit.example.com",
    "kubewitness login audit.example.com --device",
    "kubewitness login https://audit.test --certificate-authority ca.pem --profile test",
  ],
  async run({ terminal, options, arguments: [url] }) {
    const profile = profileOf(terminal, url, options);
    const server = await discover(profile.url, profile.certificateAuthority);
    const tokens = await signIn(terminal, profile, server, options);
    await keep(terminal, profile, server, tokens);
    const me = await apiOfProfile(terminal, profile).json<Me>("/api/v1/me");
    if (options.output === "json")
      terminal.print(
        JSON.stringify({ profile: profile.name, url: profile.url, email: me.email, name: me.name }, null, 2),
      );
    else terminal.print(`Signed in to ${profile.url} as ${printable(me.email ?? me.name)}.`);
    terminal.tell("Next: kubewitness kubeconfig --exec");
    return undefined;
  },
});

type Flags = { device: boolean; "no-browser": boolean };

function profileOf(
  terminal: Terminal,
  url: string | undefined,
  options: { profile?: string; "certificate-authority"?: string; "allow-http": boolean },
): NamedProfile {
  const file = options["certificate-authority"];
  const given = file === undefined ? null : readAuthority(file);
  if (url === undefined) {
    const kept = chooseProfile(terminal, options.profile);
    return { ...kept, certificateAuthority: given ?? kept.certificateAuthority };
  }
  const address = readAddress(url, { allowHttp: options["allow-http"] });
  const name = checkProfileName(options.profile ?? profileNameOf(address));
  const kept = readProfiles(terminal).profiles[name];
  // What was trusted for another address is not for this one.
  const authority = kept?.url === address ? kept.certificateAuthority : null;
  return { name, url: address, certificateAuthority: given ?? authority };
}

async function signIn(
  terminal: Terminal,
  { certificateAuthority }: NamedProfile,
  server: AuthorizationServer,
  options: Flags,
): Promise<TokenAnswer> {
  try {
    if (options.device)
      return await signInByDevice({ server, certificateAuthority, show: showCode(terminal) });
    const opens = !options["no-browser"] && hasBrowser(terminal);
    return await signInByBrowser({ server, certificateAuthority, show: showAddress(terminal, opens) });
  } catch (error) {
    if (error instanceof TokenRefusal)
      throw new Failure("refused", `The installation refused the sign-in: ${error.message}`);
    throw error;
  }
}

const showAddress = (terminal: Terminal, opens: boolean) => (address: string) => {
  terminal.tell(
    opens ? "Your browser opens this address:" : "Open this address in a browser on this machine:",
  );
  terminal.tell(`\n  ${address}\n`);
  if (opens) openBrowser(terminal, address);
  else terminal.tell("Where this machine has no browser, press Ctrl-C and add --device.");
};

const showCode = (terminal: Terminal) => (address: string, code: string) => {
  terminal.tell(
    `Open this address in any browser:\n\n  ${printable(address)}\n\nand type this code there, if you began this sign-in yourself:\n\n  ${printable(code)}\n`,
  );
};

async function keep(
  terminal: Terminal,
  profile: NamedProfile,
  server: AuthorizationServer,
  tokens: TokenAnswer,
) {
  const { name, url, certificateAuthority } = profile;
  await keepProfile(terminal, name, { url, certificateAuthority });
  await withFileLock(signInFile(terminal.env, name), async () =>
    writeSignIn(terminal, name, {
      url,
      tokenEndpoint: server.token_endpoint,
      revocationEndpoint: server.revocation_endpoint,
      refreshToken: tokens.refreshToken,
      access: { token: tokens.accessToken, expiresAt: tokens.expiresAt },
      clusters: {},
    }),
  );
}
