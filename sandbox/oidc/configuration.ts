import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { Account, OidcContext } from "oidc-provider";
import type { SandboxAccount } from "./account.ts";
import type { SandboxStorage } from "./storage.ts";

export interface SandboxClient {
  clientId: string;
  clientSecret: string;
  redirectUris: string[];
  /** Where one may come back to after signing out. */
  postLogoutRedirectUris?: string[];
  /** Where the provider tells that a person's session has ended (OpenID Connect Back-Channel Logout 1.0). */
  backchannelLogoutUri?: string;
}

const DAY_SECONDS = 86_400;
/** The library waits for 2.5 s, which is little on a machine that does everything itself. */
const CLIENT_ANSWER_MS = 15_000;

/** oidc-provider's configuration: authorization code with PKCE, refresh tokens, consent given. */
export function createConfiguration(input: {
  clients: readonly SandboxClient[];
  accounts: ReadonlyMap<string, SandboxAccount>;
  storage: SandboxStorage;
  claimsInUserInfo: boolean;
  rotateRefreshTokens: boolean;
}): Record<string, unknown> {
  return {
    adapter: (model: string) => input.storage.adapterFor(model),
    clients: input.clients.map((client) => ({
      client_id: client.clientId,
      client_secret: client.clientSecret,
      redirect_uris: client.redirectUris,
      post_logout_redirect_uris: client.postLogoutRedirectUris ?? [],
      ...(client.backchannelLogoutUri === undefined
        ? {}
        : { backchannel_logout_uri: client.backchannelLogoutUri, backchannel_logout_session_required: true }),
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    })),
    jwks: { keys: [createSigningKey()] },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    scopes: ["openid", "offline_access", "profile", "email", "groups"],
    claims: {
      openid: ["sub"],
      profile: ["name", "preferred_username"],
      email: ["email", "email_verified"],
      groups: ["groups"],
    },
    conformIdTokenClaims: input.claimsInUserInfo,
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: renderLogout },
    },
    // It tells its clients in its own process, on this machine.
    fetch: (url: string | URL, options: RequestInit & { dispatcher?: unknown }) => {
      const { dispatcher: _, ...rest } = options;
      return fetch(url, { ...rest, signal: AbortSignal.timeout(CLIENT_ANSWER_MS) });
    },
    pkce: { required: () => true },
    interactions: {
      url: (_ctx: OidcContext, interaction: { uid: string }) => `/interaction/${interaction.uid}`,
    },
    findAccount: (_ctx: OidcContext, id: string) => findAccount(input.accounts, id),
    loadExistingGrant: consent,
    issueRefreshToken: async () => true,
    rotateRefreshToken: input.rotateRefreshTokens,
    expiresWithSession: async () => false,
    ttl: {
      Interaction: 3_600,
      Session: DAY_SECONDS,
      Grant: 90 * DAY_SECONDS,
      RefreshToken: 90 * DAY_SECONDS,
      AccessToken: 3_600,
      IdToken: 3_600,
      AuthorizationCode: 60,
    },
  };
}

/** A disabled person is nobody: their refresh tokens buy nothing either (invalid_grant). */
function findAccount(accounts: ReadonlyMap<string, SandboxAccount>, id: string): Account | undefined {
  const account = accounts.get(id);
  if (!account || account.enabled === false) return undefined;
  const { name, email, groups } = account;
  return {
    accountId: id,
    claims: () => ({ sub: id, name, preferred_username: id, email, email_verified: true, groups }),
  };
}

/** Who comes from a client to sign out is signed out, without a question: the form sends itself. */
function renderLogout(ctx: OidcContext, form: string): void {
  const answered = form.replace("</form>", '<input type="hidden" name="logout" value="yes"></form>');
  ctx.body = `<!doctype html><title>Signing out</title>${answered}<script>document.forms[0].submit()</script>`;
}

async function consent({ oidc }: OidcContext) {
  const { provider, client, session, params } = oidc;
  if (!session.accountId) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(params.scope ?? "openid");
  await grant.save();
  return grant;
}

function createSigningKey(): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    ...privateKey.export({ format: "jwk" }),
    use: "sig",
    alg: "RS256",
    kid: randomBytes(8).toString("hex"),
  };
}
