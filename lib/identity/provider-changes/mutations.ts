import { z } from "zod";
import { announceAccessChange } from "../../access/table/announce.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { formerIssuer, issuerInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { takeOverGroups } from "./former-groups.ts";
import { countOfOthers, type OfOthers } from "./others.ts";

const KEY = "identity-provider";
const LastProvider = z.object({ issuer: z.string() });

/**
 * At each start, before anybody is asked who they are: notices that another identity provider is configured than at the last one, and
 * records it. Its people and groups are other ones, until `oidc.formerIssuer` says otherwise; then the former provider's groups are this
 * one's from here on (its people at their next sign-in). Rows from before issuers were kept become the present provider's.
 * @returns what belongs to another provider and does not count.
 */
export async function followProvider({ ctx }: { ctx: Context }): Promise<OfOthers> {
  const issuer = issuerInEffect(config());
  const former = formerIssuer(config());
  return inTransaction(database(), async (tx) => {
    // Replicas that start together do this one after the other.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('kubewitness/identity-provider', 0))`;
    const last = await readLast(tx);
    const named = await nameIssuer(tx, issuer);
    const groups =
      former === null || former === issuer ? 0 : await takeOverGroups(tx, ctx, { former, issuer });
    if (named > 0 || groups > 0) await announceAccessChange(tx);
    const others = await countOfOthers(tx, issuer);
    if (last === issuer && named === 0) return others;
    await tx.setting.upsert({
      where: { key: KEY },
      create: { key: KEY, value: { issuer } },
      update: { value: { issuer } },
    });
    await recordEvent(tx, ctx, {
      action: "Update",
      entityType: "Settings",
      entityId: KEY,
      entityName: "identity provider",
      before: last === null ? null : { issuer: last },
      after: {
        issuer,
        formerIssuer: former,
        rowsNamed: named,
        groupsTakenOver: groups,
        ofOtherProviders: others,
      },
    });
    return others;
  });
}

async function readLast(tx: Transaction): Promise<string | null> {
  const row = await tx.setting.findUnique({ where: { key: KEY } });
  return row === null ? null : LastProvider.parse(row.value).issuer;
}

/** Nothing but the configuration can say whose rows from before issuers were kept are: the change of version comes before one of provider. */
async function nameIssuer(tx: Transaction, issuer: string): Promise<number> {
  const accounts = await tx.$executeRaw`
    update accounts set issuer = ${issuer} where id in (
      select distinct on (a.provider_account_id) a.id from accounts a where a.issuer is null and not exists (
        select 1 from accounts b where b.issuer = ${issuer} and b.provider_account_id = a.provider_account_id))`;
  const groups = await tx.$executeRaw`
    update groups set issuer = ${issuer} where id in (
      select distinct on (a.name) a.id from groups a where a.issuer is null and not exists (
        select 1 from groups b where b.issuer = ${issuer} and b.name = a.name))`;
  return accounts + groups;
}
