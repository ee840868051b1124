import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";
import type { SandboxAccount } from "./account.ts";
import { createConfiguration, type SandboxClient } from "./configuration.ts";
import { renderLoginPage } from "./login-page.ts";
import { SandboxStorage } from "./storage.ts";

export type { SandboxAccount };

export interface SandboxIdentityProviderOptions {
  host: string;
  /** 0: any that is free. */
  port: number;
  /** The address that browsers reach it at; `http://<host>:<port>` where it is left out. */
  issuer?: string;
  clients: readonly SandboxClient[];
  accounts: readonly SandboxAccount[];
  /** ID tokens name the person alone, the rest is told by userinfo (OpenID Connect Core 1.0, section 5.4). */
  claimsInUserInfo?: boolean;
  /** A refresh token counts once; one that is redeemed again ends all that came of the sign-in (RFC 9700, section 4.14). */
  rotateRefreshTokens?: boolean;
  /** Where refresh tokens outlive a restart; they do not where it is left out. */
  stateFile?: string;
}

export interface SandboxIdentityProvider {
  issuer: string;
  port: number;
  /** As an administrator of the identity provider would; counts from the next question on. */
  updateAccount(id: string, change: Partial<Omit<SandboxAccount, "id">>): void;
  close(): Promise<void>;
}

/** An OpenID Connect provider to try and to test with: oidc-provider, people without passwords, consent given. */
export async function startSandboxIdentityProvider(
  options: SandboxIdentityProviderOptions,
): Promise<SandboxIdentityProvider> {
  const server = createServer();
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const issuer = options.issuer ?? `http://${options.host}:${port}`;
  const accounts = new Map(options.accounts.map((account) => [account.id, { ...account }]));
  const storage = new SandboxStorage(options.stateFile ?? null);
  const { clients, claimsInUserInfo = false, rotateRefreshTokens = false } = options;
  const configuration = createConfiguration({
    clients,
    accounts,
    storage,
    claimsInUserInfo,
    rotateRefreshTokens,
  });
  const provider = new Provider(issuer, configuration);
  const answer = provider.callback();
  server.on("request", (request, response) => {
    forgetSession(request);
    const uid = /^\/interaction\/([\w-]+)$/.exec(request.url ?? "")?.[1];
    const answered = uid
      ? interact({ provider, accounts, request, response, uid })
      : answer(request, response);
    answered.catch((error: Error) => refuse(response, error));
  });
  return {
    issuer,
    port,
    updateAccount(id, change) {
      const account = accounts.get(id);
      if (!account) throw new Error(`the sandbox knows no account ${id}`);
      accounts.set(id, { ...account, ...change });
    },
    close: () => close(server),
  };
}

/** Asks at each sign-in who one wants to be: whoever tries the demo wants to be somebody else next. */
function forgetSession(request: IncomingMessage): void {
  // To sign out is to end it.
  if (request.url?.startsWith("/session/")) return;
  const cookies = (request.headers.cookie ?? "").split(/; */);
  request.headers.cookie = cookies.filter((cookie) => !cookie.startsWith("_session")).join("; ");
}

interface Interaction {
  provider: Provider;
  accounts: ReadonlyMap<string, SandboxAccount>;
  request: IncomingMessage;
  response: ServerResponse;
  uid: string;
}

async function interact({ provider, accounts, request, response, uid }: Interaction): Promise<void> {
  // Throws where the browser has no such interaction.
  await provider.interactionDetails(request, response);
  if (request.method === "POST") {
    const account = accounts.get((await readForm(request)).get("account") ?? "");
    if (!account || account.enabled === false) {
      const denied = { error: "access_denied", error_description: "this person may not sign in" };
      return provider.interactionFinished(request, response, denied);
    }
    return provider.interactionFinished(request, response, { login: { accountId: account.id } });
  }
  const page = renderLoginPage({ action: `/interaction/${uid}`, accounts: [...accounts.values()] });
  response.writeHead(200, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy":
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
  });
  response.end(page);
}

const MAX_FORM_BYTES = 4_096;

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MAX_FORM_BYTES) throw new Error("the form is too large");
  }
  return new URLSearchParams(text);
}

function refuse(response: ServerResponse, error: Error): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(400, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(`The sign-in cannot go on (${error.message}). Start again from the console.\n`);
}

async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
