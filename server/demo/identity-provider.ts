import { randomBytes } from "node:crypto";
import path from "node:path";
import {
  type SandboxIdentityProvider,
  type SandboxIdentityProviderOptions,
  startSandboxIdentityProvider,
} from "kubewitness-sandbox/oidc";
import { MAIN_PROVIDER_ID, oidcProviderConfig } from "../../lib/config/provider-entry.ts";
import type { OidcProviderConfig } from "../../lib/config.ts";
import { ACME_ADMINISTRATOR_GROUP, ACME_AUDITOR_GROUP, ACME_PEOPLE } from "./acme-people.ts";

/** The address of next-auth's callback, as lib/identity/sign-in names its provider. */
const CALLBACK_PATH = "/api/auth/callback/oidc";
const CLIENT_ID = "kubewitness";

/** Starts the identity provider of the demo, beside the console's port where that is free; gives the settings to use it. */
export async function startDemoIdentityProvider(config: {
  data: string;
  host: string;
  port: number;
  kubePort: number;
  publicUrl: string;
}): Promise<{ settings: OidcProviderConfig; provider: SandboxIdentityProvider }> {
  const clientSecret = randomBytes(32).toString("base64url");
  const provider = await startOnPort(portsBeside(config), (port) => ({
    host: config.host,
    port,
    issuer: `http://${new URL(config.publicUrl).hostname}:${port}`,
    clients: [
      {
        clientId: CLIENT_ID,
        clientSecret,
        redirectUris: [`${config.publicUrl}${CALLBACK_PATH}`],
        postLogoutRedirectUris: [`${config.publicUrl}/api/auth/signed-out`],
        backchannelLogoutUri: `${config.publicUrl}/api/auth/backchannel-logout/oidc`,
      },
    ],
    accounts: ACME_PEOPLE,
    stateFile: path.join(config.data, "identity-provider.json"),
  }));
  const settings = oidcProviderConfig({
    id: MAIN_PROVIDER_ID,
    issuer: provider.issuer,
    clientId: CLIENT_ID,
    clientSecret,
    administratorGroups: [ACME_ADMINISTRATOR_GROUP],
    auditorGroups: [ACME_AUDITOR_GROUP],
  });
  return { settings, provider };
}

const TRIES = 50;

function portsBeside({ port, kubePort }: { port: number; kubePort: number }): number[] {
  return Array.from({ length: TRIES }, (_, index) => port + 1 + index).filter((each) => each !== kubePort);
}

/** The issuer names its port, so a free one has to be found by trying. */
async function startOnPort(
  ports: number[],
  optionsFor: (port: number) => SandboxIdentityProviderOptions,
): Promise<SandboxIdentityProvider> {
  for (const port of ports) {
    try {
      return await startSandboxIdentityProvider(optionsFor(port));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  throw new Error(`no free port from ${ports.at(0)} to ${ports.at(-1)} for the demo's identity provider`);
}
