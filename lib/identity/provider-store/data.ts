import type { StoredProvider } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import { issuerName, issuerOf } from "../../config/issuer.ts";
import { MAIN_PROVIDER_ID, type ProviderConfig } from "../../config/provider-entry.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { type EffectiveRow, effectiveRows } from "./effective.ts";
import { ProviderSettings, type ProviderView } from "./schema.ts";

/** Every identity provider: of the configuration, then those that are kept in the console, as the sign-in page has them. */
export async function listProviderViews({ ctx }: { ctx: Context }): Promise<ProviderView[]> {
  requirePermission(ctx, "settings:read");
  const rows = await database().storedProvider.findMany({ orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
  const people = await countPeople();
  const views = [...config().providers.map(viewConfigured), ...effectiveRows(rows).map(viewStored)];
  return views.map((view) => ({ ...view, people: people.get(keptUnder(view)) ?? 0 }));
}

/** @throws AppError `not_found` */
export async function findProviderView({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<ProviderView> {
  const found = (await listProviderViews({ ctx })).find(({ id }) => id === input.id);
  if (!found) throw new AppError("not_found", "There is no identity provider with that id.");
  return found;
}

const keptUnder = ({ id, issuer, source }: ProviderView) =>
  source === "configuration" ? issuerOf({ id, issuer }, { demo: config().demo }) : issuerName(issuer);

async function countPeople(): Promise<Map<string | null, number>> {
  const counts = await database().user.groupBy({ by: ["issuer"], _count: true });
  return new Map(counts.map(({ issuer, _count }) => [issuer, _count]));
}

function viewConfigured(provider: ProviderConfig): ProviderView {
  const { id, kind, name, issuer } = provider;
  return {
    id,
    kind,
    name,
    issuer,
    enabled: true,
    source: "configuration",
    setting: id === MAIN_PROVIDER_ID ? "oidc.*" : "providers",
    problem: null,
    settings: ProviderSettings.parse(provider),
    hasSecret: kind === "oidc",
    addresses: addressesOf(provider),
    people: 0,
    createdAt: null,
    updatedAt: null,
  };
}

/** One that is kept in the console. */
export function viewStored({ row, problem }: EffectiveRow<StoredProvider>): ProviderView {
  const { id, enabled, createdAt, updatedAt } = row;
  const kind = row.kind === "saml" ? "saml" : "oidc";
  const settings = ProviderSettings.parse(row.settings);
  return {
    id,
    kind,
    name: settings.name ?? id,
    issuer: settings.issuer ?? "",
    enabled,
    source: "console",
    setting: null,
    problem: enabled ? problem : null,
    settings,
    hasSecret: row.secrets !== null,
    addresses: addressesOf({ id, kind }),
    people: 0,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

function addressesOf({ id, kind }: Pick<ProviderConfig, "id" | "kind">): ProviderView["addresses"] {
  const at = (path: string) => `${config().publicUrl}/api/auth/${path}`;
  const isOidc = kind === "oidc";
  return {
    callback: at(`callback/${id}`),
    metadata: isOidc ? null : at(`metadata/${id}`),
    signedOut: isOidc ? at("signed-out") : null,
    backChannelLogout: isOidc ? at(`backchannel-logout/${id}`) : null,
  };
}
