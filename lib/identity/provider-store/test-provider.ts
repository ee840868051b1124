import { X509Certificate } from "node:crypto";
import type { OidcProviderConfig, ProviderConfig, SamlProviderConfig } from "../../config.ts";
import { recordableText } from "../failed-authentication/recordable-text.ts";
import { checkClient } from "../providers/oidc/check-client.ts";
import { discoverProvider } from "../providers/oidc/metadata.ts";
import { scopesToAskFor } from "../providers/oidc/scopes.ts";
import { fetchSigningKeys } from "../providers/oidc/signing-keys.ts";
import { loadMetadata } from "../providers/saml/metadata.ts";
import type { ProviderTest } from "./schema.ts";

type Check = ProviderTest["checks"][number];

/** Asks a provider for what each sign-in needs; what fails says why. */
export async function askProvider(provider: ProviderConfig): Promise<ProviderTest> {
  const checks: Check[] = [];
  const check = async <T>(name: string, ask: () => Promise<[T, string]>): Promise<T | null> => {
    try {
      const [found, detail] = await ask();
      checks.push({ name, ok: true, detail });
      return found;
    } catch (error) {
      checks.push({ name, ok: false, detail: recordableText(explain(error)) });
      return null;
    }
  };
  if (provider.kind === "oidc") await askOidc(provider, check);
  else await askSaml(provider, check);
  return { ok: checks.every(({ ok }) => ok), checks };
}

type Ask = <T>(name: string, ask: () => Promise<[T, string]>) => Promise<T | null>;

async function askOidc(settings: OidcProviderConfig, check: Ask): Promise<void> {
  const metadata = await check("Discovery", async () => {
    const found = await discoverProvider(settings);
    return [
      found,
      `It calls itself ${found.issuer} and signs people in at ${new URL(found.authorization_endpoint).host}.`,
    ];
  });
  if (metadata === null) return;
  // Side by side: whoever asks does not wait for one slow answer after the other.
  await Promise.all([
    check("Signing keys", async () => {
      const keys = await fetchSigningKeys(metadata);
      return [keys, `It publishes ${keys.length} ${keys.length === 1 ? "key" : "keys"}.`];
    }),
    check("Client", async () => {
      await checkClient(settings, metadata);
      return [null, `It takes the client id ${settings.clientId} and its secret.`];
    }),
  ]);
  await check("Scopes", async () => [null, `Asked for: ${scopesToAskFor(settings, metadata)}.`]);
  await check("Signing out", async () => [
    null,
    metadata.end_session_endpoint === undefined
      ? "It has no sign-out of its own: signing out ends the session here."
      : settings.signOutAtProvider
        ? "Signing out leads to its own sign-out."
        : "It has a sign-out of its own, which is not used.",
  ]);
}

async function askSaml(settings: SamlProviderConfig, check: Ask): Promise<void> {
  const metadata = await check("Metadata", async () => {
    const found = await loadMetadata(settings);
    return [found, `It signs people in at ${new URL(found.signInAddress).host}.`];
  });
  if (metadata === null) return;
  await check("Certificates", async () => {
    const certificates = metadata.certificates.map((pem) => new X509Certificate(pem));
    const valid = certificates.filter(({ validToDate }) => validToDate.getTime() > Date.now());
    if (valid.length === 0) throw new Error(`its certificate ended on ${certificates[0]?.validTo}`);
    return [null, `Assertions may be signed with ${valid.length}, until ${valid[0]?.validTo} at least.`];
  });
}

/** Node tells why a connection failed only in the cause. */
function explain(error: unknown): string {
  const { message, cause, name } = error as Error;
  if (name === "TimeoutError") return "it did not answer within 5 s";
  return cause instanceof Error
    ? `${message}: ${cause.message || (cause as { code?: string }).code}`
    : message;
}
