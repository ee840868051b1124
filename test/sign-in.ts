import "./next-environment.ts";

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type SandboxAccount,
  type SandboxIdentityProvider,
  startSandboxIdentityProvider,
} from "kubewitness-sandbox/oidc";
import { NextRequest } from "next/server.js";
import type { OidcProviderConfig } from "../lib/config.ts";
import { toErrorAnswer } from "../lib/http/error-answer.ts";
import { attachClientAddress } from "../lib/identity/forwarded-client.ts";
import { contextFromRequest } from "../lib/identity/request-context.ts";
import { handleSignInRequest } from "../lib/identity/sign-in/handler.ts";
import type { CookieBrowser } from "./cookie-browser.ts";
import { createTestInstallation, type TestInstallation } from "./installation.ts";
import { inRequestScope } from "./next-request-scope.ts";

export interface SignInInstallation extends TestInstallation {
  publicUrl: string;
  provider: SandboxIdentityProvider;
  /** The first of the configuration's. */
  settings: OidcProviderConfig;
}

export const SIGN_IN_CLIENT = {
  clientId: "kubewitness",
  clientSecret: "a secret of the test's, long enough",
};

/** From where a request comes, for tests whose failures are more than are recorded of one address. */
export const CLIENT_ADDRESS_HEADER = "x-test-client-address";

/** A person of the sandbox's identity provider, who is called by their id. */
export function sandboxAccount(id: string, groups: string[] = []): SandboxAccount {
  return { id, name: `${id} Example`, email: `${id}@acme.example`, title: "", groups };
}

/**
 * An installation with the sandbox's identity provider and a server for the sign-in paths; `/whoami` answers the actor of a request.
 */
export async function createSignInInstallation(
  accounts: readonly SandboxAccount[],
  {
    claimsInUserInfo = false,
    rotateRefreshTokens = false,
  }: { claimsInUserInfo?: boolean; rotateRefreshTokens?: boolean } = {},
): Promise<SignInInstallation> {
  const server = createServer((request, response) => {
    // As the console's own server does it.
    attachClientAddress(request, String(request.headers[CLIENT_ADDRESS_HEADER] ?? "203.0.113.7"));
    answer(toWebRequest(request, publicUrl))
      .then(async (answered) => {
        response.writeHead(answered.status, [...answered.headers].flat());
        response.end(Buffer.from(await answered.arrayBuffer()));
      })
      .catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const redirectUris = [`${publicUrl}/api/auth/callback/oidc`];
  const provider = await startSandboxIdentityProvider({
    host: "127.0.0.1",
    port: 0,
    accounts,
    claimsInUserInfo,
    rotateRefreshTokens,
    clients: [
      {
        ...SIGN_IN_CLIENT,
        redirectUris,
        postLogoutRedirectUris: [`${publicUrl}/api/auth/signed-out`],
        backchannelLogoutUri: `${publicUrl}/api/auth/backchannel-logout/oidc`,
      },
    ],
  });
  const installation = await createTestInstallation({
    KUBEWITNESS_DEMO: "false",
    KUBEWITNESS_PUBLIC_URL: publicUrl,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: SIGN_IN_CLIENT.clientId,
    OIDC_CLIENT_SECRET: SIGN_IN_CLIENT.clientSecret,
    OIDC_ADMINISTRATOR_GROUPS: "admins",
    OIDC_AUDITOR_GROUPS: "auditors",
  });
  const close = async () => {
    await provider.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await installation.close();
  };
  return {
    ...installation,
    publicUrl,
    provider,
    settings: installation.config.providers[0] as OidcProviderConfig,
    close,
  };
}

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith("/api/auth/"))
    return inRequestScope(request, () => handleSignInRequest(new NextRequest(request)));
  if (pathname !== "/whoami") return new Response(`page ${pathname}`);
  try {
    return Response.json((await contextFromRequest(request)).actor);
  } catch (error) {
    const { status, body } = toErrorAnswer(error);
    return Response.json(body, { status });
  }
}

function toWebRequest(request: IncomingMessage, publicUrl: string): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const body = request.method === "POST" ? (request as unknown as ReadableStream) : undefined;
  return new Request(new URL(request.url ?? "/", publicUrl), {
    method: request.method,
    headers,
    body,
    duplex: "half",
  } as RequestInit);
}

/** Signs in as the sandbox's account in the way of the console's page and a person; gives the page that it ends on. */
export async function signIn(
  { publicUrl }: { publicUrl: string },
  browser: CookieBrowser,
  account: string,
  callbackUrl = "/audit",
  provider = "oidc",
): Promise<URL> {
  const chooser = await browser.open(await startSignIn({ publicUrl }, browser, callbackUrl, provider));
  const page = await chooser.response.text();
  if (!page.includes(`value="${account}"`))
    throw new Error(`no account ${account} on ${chooser.url}: ${page}`);
  const body = new URLSearchParams({ account });
  return new URL((await browser.open(chooser.url, { method: "POST", body })).url);
}

/** The address of the identity provider that a sign-in goes to. */
export async function startSignIn(
  { publicUrl }: { publicUrl: string },
  browser: CookieBrowser,
  callbackUrl = "/audit",
  provider = "oidc",
): Promise<string> {
  const csrf = (await (await browser.request(`${publicUrl}/api/auth/csrf`)).json()) as { csrfToken: string };
  const body = new URLSearchParams({ csrfToken: csrf.csrfToken, callbackUrl, json: "true" });
  const started = await browser.request(`${publicUrl}/api/auth/signin/${provider}`, { method: "POST", body });
  return ((await started.json()) as { url: string }).url;
}

/** @returns where the page goes then. */
export async function signOut({ publicUrl }: { publicUrl: string }, browser: CookieBrowser): Promise<string> {
  const csrf = (await (await browser.request(`${publicUrl}/api/auth/csrf`)).json()) as { csrfToken: string };
  const body = new URLSearchParams({ csrfToken: csrf.csrfToken, callbackUrl: "/signin", json: "true" });
  const answer = await browser.request(`${publicUrl}/api/auth/signout`, { method: "POST", body });
  return ((await answer.json()) as { url: string }).url;
}

export async function whoami(
  { publicUrl }: { publicUrl: string },
  browser: CookieBrowser,
  init: RequestInit = {},
) {
  const response = await browser.request(`${publicUrl}/whoami`, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
