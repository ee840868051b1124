import type { Prisma, StoredProvider } from "../../../prisma/generated/client.ts";
import { refuseScopedKey, requirePermission } from "../../access/permission.ts";
import { announceAccessChange } from "../../access/table/announce.ts";
import { recordEvent, recordEventAlone } from "../../audit/events/record.ts";
import { recordIfRefused } from "../../audit/events/refused.ts";
import { issuerName } from "../../config/issuer.ts";
import { type ProviderConfig, readProviderEntry } from "../../config/provider-entry.ts";
import { fieldsOfOthers } from "../../config/providers.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { AppError, type ErrorDetail } from "../../errors.ts";
import { nameGroups } from "../people/group-names.ts";
import { takeOverGroups } from "../provider-changes/former-groups.ts";
import { viewStored } from "./data.ts";
import { effectiveRows } from "./effective.ts";
import { endAccessOf } from "./end-access.ts";
import { announceProviders, readStoredProviders } from "./refresh.ts";
import { CreateProviderInput, type ProviderTest, type ProviderView, UpdateProviderInput } from "./schema.ts";
import { entryOf, readRow, sealSecrets, splitEntry } from "./stored-row.ts";
import { askProvider } from "./test-provider.ts";

const MOST_STORED = 50;

/**
 * Adds an identity provider, which people can sign in with from here on, administrators among them: no key with scopes may. What the provider it replaces (`formerIssuer`) had of groups is its own.
 * @throws AppError `permission_denied`, `invalid_argument` that names each wrong field, `conflict` where another provider has the id.
 */
export async function createProvider({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateProviderInput;
}): Promise<ProviderView> {
  const refusal = {
    action: "Create",
    entityType: "Provider",
    entityId: input.id,
    entityName: input.name ?? input.id,
  } as const;
  return recordIfRefused(ctx, refusal, async () => {
    requirePermission(ctx, "settings:write");
    refuseScopedKey(ctx);
    const { enabled, ...entry } = CreateProviderInput.parse(input);
    const provider = requireReadable(entry);
    const view = await inTransaction(database(), async (tx) => {
      await requireTellable(tx, provider);
      const { id, kind } = provider;
      const { settings, secrets } = splitEntry({ ...entry, name: provider.name });
      const data = {
        id,
        kind,
        enabled,
        settings: settings as Prisma.InputJsonValue,
        secrets: sealSecrets(id, secrets),
      };
      const row = await refuseDuplicate(tx.storedProvider.create({ data }), { field: "id", value: id });
      const groupsTakenOver = await takeOver(tx, ctx, provider);
      await nameGroups(tx, { issuer: issuerName(provider.issuer), groupNames: provider.groupNames });
      const created = viewRow(row);
      await announceProviders(tx);
      await recordEvent(tx, ctx, {
        action: "Create",
        ...entityOf(row),
        after: { ...created, groupsTakenOver },
      });
      return created;
    });
    await readStoredProviders();
    return view;
  });
}

/**
 * Changes what is set of a provider. Its issuer stays: people are known by it. One that is disabled lets nobody in, and its people's sessions
 * end at once.
 * @throws AppError `invalid_argument` that names each wrong field, `not_found`.
 */
export async function updateProvider({
  ctx,
  input: { id, ...input },
}: {
  ctx: Context;
  input: UpdateProviderInput & { id: string };
}): Promise<ProviderView> {
  return recordIfRefused(
    ctx,
    { action: "Update", entityType: "Provider", entityId: id, entityName: id },
    async () => {
      requirePermission(ctx, "settings:write");
      refuseScopedKey(ctx);
      const { enabled, ...changes } = UpdateProviderInput.parse(input);
      const view = await inTransaction(database(), async (tx) => {
        const before = await requireStored(tx, id);
        const entry = { ...entryOf(before), ...withoutUndefined(changes) };
        const provider = requireReadable(entry);
        requireSameIssuer(before, provider);
        await requireTellable(tx, provider);
        const { settings, secrets } = splitEntry(entry);
        const data = {
          settings: settings as Prisma.InputJsonValue,
          secrets: sealSecrets(id, secrets),
          enabled: enabled ?? before.enabled,
        };
        const after = await tx.storedProvider.update({ where: { id }, data });
        if (before.enabled && !after.enabled) await endAccessOf(tx, provider);
        const groupsTakenOver = await takeOver(tx, ctx, provider);
        await nameGroups(tx, { issuer: issuerName(provider.issuer), groupNames: provider.groupNames });
        await announceProviders(tx);
        const secretChanged = changes.clientSecret !== undefined;
        await recordEvent(tx, ctx, {
          action: "Update",
          operation: before.enabled === after.enabled ? "Update" : after.enabled ? "Enable" : "Disable",
          ...entityOf(after),
          before: viewRow(before),
          after: { ...viewRow(after), secretChanged, groupsTakenOver },
        });
        return viewRow(after);
      });
      await readStoredProviders();
      return view;
    },
  );
}

/**
 * Removes a provider: nobody signs in with it any more, and its people, their tokens and grants to its groups do not count.
 * @throws AppError `not_found`, `invalid_argument` for one of the configuration.
 */
export async function removeProvider({
  ctx,
  input: { id },
}: {
  ctx: Context;
  input: { id: string };
}): Promise<void> {
  return recordIfRefused(
    ctx,
    { action: "Delete", entityType: "Provider", entityId: id, entityName: id },
    async () => {
      requirePermission(ctx, "settings:write");
      await inTransaction(database(), async (tx) => {
        const before = await requireStored(tx, id);
        await tx.storedProvider.delete({ where: { id } });
        const issuer = viewRow(before).issuer;
        await endAccessOf(tx, { id, issuer });
        await announceProviders(tx);
        await recordEvent(tx, ctx, { action: "Delete", ...entityOf(before), before: viewRow(before) });
      });
      await readStoredProviders();
    },
  );
}

/**
 * Asks a provider what a sign-in would ask it, without signing in. That it was asked is on the record.
 * @throws AppError `not_found`
 */
export async function testProvider({
  ctx,
  input: { id },
}: {
  ctx: Context;
  input: { id: string };
}): Promise<ProviderTest> {
  return recordIfRefused(
    ctx,
    { action: "View", entityType: "Provider", entityId: id, entityName: id },
    async () => {
      requirePermission(ctx, "settings:write");
      const provider = config().providers.find((each) => each.id === id) ?? (await readStoredProvider(id));
      const result = await askProvider(provider);
      await recordEventAlone(ctx, {
        action: "View",
        entityType: "Provider",
        entityId: id,
        entityName: provider.name,
        requestBody: { test: result },
      });
      return result;
    },
  );
}

async function readStoredProvider(id: string): Promise<ProviderConfig> {
  const row = await database().storedProvider.findUnique({ where: { id } });
  if (!row) throw notFound();
  const { provider, problem } = readRow(row);
  if (provider === null) throw new AppError("invalid_argument", `The provider cannot be asked: ${problem}`);
  return provider;
}

const notFound = () => new AppError("not_found", "There is no identity provider with that id.");

/** Held until the transaction ends. */
async function requireStored(tx: Transaction, id: string): Promise<StoredProvider> {
  const configured = config().providers.find((each) => each.id === id);
  if (configured) {
    throw new AppError(
      "invalid_argument",
      `The provider ${id} is set in the configuration, and is changed there: in config.yaml or the environment.`,
      { details: [{ field: "id", got: id, takes: "a provider that is kept in the console" }] },
    );
  }
  await tx.$queryRaw`select 1 from identity_providers where id = ${id} for update`;
  const row = await tx.storedProvider.findUnique({ where: { id } });
  if (!row) throw notFound();
  return row;
}

function requireReadable(entry: Record<string, unknown>): ProviderConfig {
  const { provider, wrong, unknown } = readProviderEntry(withoutUndefined(entry));
  const details: ErrorDetail[] = [
    ...wrong.map(({ field, got, takes, secret }) => ({ field, got: shownValue(got, secret), takes })),
    ...unknown.map((field) => ({
      field,
      got: "a value",
      takes: `nothing: a provider of kind ${provider.kind} has no such field`,
    })),
  ];
  if (details.length === 0) return provider;
  throw refusalOf(details);
}

const shownValue = (got: unknown, secret = false) =>
  got === undefined || got === null ? "nothing" : secret ? "a value (not shown)" : String(got).slice(0, 200);

function refusalOf(details: ErrorDetail[]): AppError {
  const lines = details.map(({ field, got, takes }) => `${field}: got ${got}; takes ${takes}`);
  return new AppError("invalid_argument", lines.join("\n"), { details });
}

/** No other provider, of the configuration or not, has its id, its name or its people. One at a time. */
async function requireTellable(tx: Transaction, provider: ProviderConfig): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('kubewitness/identity-provider', 0))`;
  const rows = await tx.storedProvider.findMany({ where: { id: { not: provider.id } } });
  if (rows.length >= MOST_STORED) {
    throw new AppError(
      "conflict",
      `There are ${rows.length} identity providers, which is the most that are kept here.`,
    );
  }
  const others = [...config().providers, ...rows.flatMap((row) => readRow(row).provider ?? [])];
  const details = fieldsOfOthers(provider, others).map((field) => ({
    field,
    got: String(provider[field]),
    takes: "one that no other provider has",
  }));
  if (details.length > 0) throw refusalOf(details);
}

function requireSameIssuer(before: StoredProvider, { issuer }: ProviderConfig): void {
  const own = viewRow(before).issuer;
  if (issuerName(own) === issuerName(issuer)) return;
  throw refusalOf([
    {
      field: "issuer",
      got: issuer,
      takes: `${own}, which its people are known by: add another provider, with this one's issuer as formerIssuer, and remove this one`,
    },
  ]);
}

async function takeOver(
  tx: Transaction,
  ctx: Context,
  { issuer, formerIssuer }: ProviderConfig,
): Promise<number> {
  if (formerIssuer === null || issuerName(formerIssuer) === issuerName(issuer)) return 0;
  const groups = await takeOverGroups(tx, ctx, {
    former: issuerName(formerIssuer),
    issuer: issuerName(issuer),
  });
  if (groups > 0) await announceAccessChange(tx);
  return groups;
}

function viewRow(row: StoredProvider): ProviderView {
  const [effective] = effectiveRows([row]);
  return viewStored(effective!);
}

const withoutUndefined = (entry: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));

const entityOf = (row: StoredProvider) => ({
  entityType: "Provider" as const,
  entityId: row.id,
  entityName: viewRow(row).name,
});
