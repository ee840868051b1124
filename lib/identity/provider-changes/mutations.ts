import { z } from "zod";
import { announceAccessChange } from "../../access/table/announce.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { configuredIssuers, firstIssuer, issuersInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { nameGroups } from "../people/group-names.ts";
import { listProviders } from "../providers/registry.ts";
import { takeOverGroups } from "./former-groups.ts";
import { nameIssuer } from "./name-issuer.ts";
import { countOfOthers, type OfOthers } from "./others.ts";

const KEY = "identity-provider";
/** `issuer`: as versions wrote it that knew one provider. */
const LastProviders = z
  .union([z.object({ issuers: z.array(z.string()) }), z.object({ issuer: z.string() })])
  .transform((kept) => ("issuers" in kept ? kept.issuers : [kept.issuer]));

/**
 * At each start, before anybody is asked who they are: notices that other identity providers are configured than at the last one, and
 * records it. People and groups of a provider that is not configured do not count, until a provider's `formerIssuer` says that it replaces
 * theirs; then the former provider's groups are that one's from here on (its people at their next sign-in). Rows from before issuers were
 * kept become those of the first provider of the last start; where that is not known, of the first that is configured.
 * @returns what belongs to no provider that is configured, and does not count.
 */
export async function followProviders({ ctx }: { ctx: Context }): Promise<OfOthers> {
  const issuers = configuredIssuers(config());
  return inTransaction(database(), async (tx) => {
    // Replicas that start together do this one after the other.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('kubewitness/identity-provider', 0))`;
    const last = await readLast(tx);
    // A version before this one knew one provider: that of the last start, whatever is configured now.
    const rowsNamed = await nameIssuer(tx, last?.[0] ?? firstIssuer(config()));
    const groupsTakenOver = await takeOverAll(tx, ctx);
    for (const provider of listProviders()) await nameGroups(tx, provider);
    if (rowsNamed > 0 || groupsTakenOver > 0) await announceAccessChange(tx);
    const ofOtherProviders = await countOfOthers(tx, issuersInEffect(config()));
    if (isSame(last, issuers) && rowsNamed === 0) return ofOtherProviders;
    await tx.setting.upsert({
      where: { key: KEY },
      create: { key: KEY, value: { issuers } },
      update: { value: { issuers } },
    });
    await recordEvent(tx, ctx, {
      action: "Update",
      entityType: "Settings",
      entityId: KEY,
      entityName: "identity providers",
      before: last === null ? null : { issuers: last },
      after: { issuers, formerIssuers: formerIssuers(), rowsNamed, groupsTakenOver, ofOtherProviders },
    });
    return ofOtherProviders;
  });
}

const isSame = (last: readonly string[] | null, issuers: readonly string[]) =>
  last !== null && last.length === issuers.length && issuers.every((issuer) => last.includes(issuer));

async function readLast(tx: Transaction): Promise<string[] | null> {
  const row = await tx.setting.findUnique({ where: { key: KEY } });
  return row === null ? null : LastProviders.parse(row.value);
}

/** The former issuer of each provider that replaces one. */
const formerIssuers = () =>
  Object.fromEntries(
    listProviders()
      .filter(({ formerIssuer }) => formerIssuer !== null)
      .map(({ issuer, formerIssuer }) => [issuer, formerIssuer]),
  );

async function takeOverAll(tx: Transaction, ctx: Context): Promise<number> {
  let groups = 0;
  for (const { issuer, formerIssuer: former } of listProviders()) {
    if (former !== null && former !== issuer) groups += await takeOverGroups(tx, ctx, { former, issuer });
  }
  return groups;
}
