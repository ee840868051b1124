import type { StoredProvider } from "../../../prisma/generated/client.ts";
import { type ProviderConfig, readProviderEntry, type WrongField } from "../../config/provider-entry.ts";
import { config } from "../../config.ts";
import { openSealedText, sealAnew, sealText } from "../../pki/seal.ts";

/** Fields whose values are sealed. */
const SECRETS = ["clientSecret"];

const contextOf = (id: string) => `identity-provider/${id}`;

/** What a row of `identity_providers` keeps of an entry. */
export type ProviderRow = Pick<StoredProvider, "id" | "kind" | "enabled" | "settings" | "secrets">;

/** An entry as `readProviderEntry` takes one, in two parts. */
export function splitEntry(entry: Record<string, unknown>): {
  settings: Record<string, unknown>;
  secrets: Record<string, unknown>;
} {
  const part = (secret: boolean) =>
    Object.fromEntries(
      Object.entries(entry).filter(
        ([field, value]) =>
          SECRETS.includes(field) === secret && !["id", "kind"].includes(field) && value !== undefined,
      ),
    );
  return { settings: part(false), secrets: part(true) };
}

/** The secrets of one provider, which open as no other's. */
export function sealSecrets(id: string, secrets: Record<string, unknown>): Uint8Array<ArrayBuffer> | null {
  if (Object.keys(secrets).length === 0) return null;
  return sealText({ key: config().encryption.key, context: contextOf(id), text: JSON.stringify(secrets) });
}

/** The same, sealed with the key that seals now; null where it was already. */
export function sealSecretsAnew(id: string, sealed: Uint8Array): Uint8Array<ArrayBuffer> | null {
  return sealAnew({ ...config().encryption, context: contextOf(id), sealed });
}

/**
 * The whole entry of a row.
 * @throws AppError where the secrets were sealed with another key.
 */
export function entryOf({ id, kind, settings, secrets }: ProviderRow): Record<string, unknown> {
  const opened =
    secrets === null
      ? {}
      : JSON.parse(openSealedText({ ...config().encryption, context: contextOf(id), sealed: secrets }));
  return { ...(settings as object), ...opened, id, kind };
}

/** What a row means; `problem`: why it cannot count. */
export function readRow(row: ProviderRow): { provider: ProviderConfig | null; problem: string | null } {
  let entry: Record<string, unknown>;
  try {
    entry = entryOf(row);
  } catch (error) {
    return { provider: null, problem: (error as Error).message };
  }
  const { provider, wrong, unknown } = readProviderEntry(entry);
  const fields = [...wrong.map(describeWrong), ...unknown.map((field) => `${field} is not known`)];
  return fields.length === 0 ? { provider, problem: null } : { provider: null, problem: fields.join("; ") };
}

const describeWrong = ({ field, takes }: WrongField) => `${field} takes ${takes}`;
