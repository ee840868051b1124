import { z } from "zod";
import type { Context } from "../lib/context.ts";
import { inTransaction, type Transaction } from "../lib/db/client.ts";
import { database } from "../lib/db/connection.ts";
import { AppError } from "../lib/errors.ts";
import { ACME_PEOPLE } from "./demo/acme-people.ts";
import { type EndedDemo, endDemo } from "./end-demo.ts";
import { findMadeByDemo } from "./made-by-demo.ts";

// A database belongs to the demo or to a real installation, from its first start on, and says so in its table `settings`. In the demo
// people sign in without a password, so that nothing that was made there may count afterwards. Databases older than this mark
// are known by the demo's people in them.

const KEY = "installation";
const Kind = z.object({ kind: z.enum(["demo", "real"]) });
const DEMO_EMAILS = ACME_PEOPLE.map(({ email }) => email);

/** Marks the database as the demo's. @throws AppError `conflict` where it is a real installation's. */
export async function claimForDemo(): Promise<void> {
  await inTransaction(database(), async (tx) => {
    await lockMark(tx);
    const kind = (await readKind(tx)) ?? ((await holdsRealInstallation(tx)) ? "real" : "demo");
    if (kind === "demo") return writeKind(tx, "demo");
    throw new AppError(
      "conflict",
      "demo (KUBEWITNESS_DEMO) got true, but database.url (DATABASE_URL) names the database of an installation that is not the demo: " +
        "unset one of the two; without database.url npm start gives the demo a PostgreSQL of its own",
    );
  });
}

/**
 * Marks the database as a real installation's. Where it was the demo's, all that was made in it ends, on the record; where it was both
 * before there was a mark, what the demo and its people made. @returns what ended; null where there was nothing of a demo.
 */
export async function leaveDemo({ ctx }: { ctx: Context }): Promise<EndedDemo | null> {
  return inTransaction(database(), async (tx) => {
    await lockMark(tx);
    const kind = await readKind(tx);
    if (kind === "real") return null;
    await writeKind(tx, "real");
    const wasDemo = kind === "demo" || (await hasDemoPeople(tx));
    if (!wasDemo) return null;
    const made = kind === "demo" ? "everything" : await findMadeByDemo(tx, DEMO_EMAILS);
    return endDemo({ tx, ctx, made });
  });
}

/** Replicas that start together decide one after the other. */
async function lockMark(tx: Transaction): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('kubewitness/installation', 0))`;
}

async function readKind(tx: Transaction): Promise<"demo" | "real" | null> {
  const row = await tx.setting.findUnique({ where: { key: KEY } });
  return row === null ? null : Kind.parse(row.value).kind;
}

async function writeKind(tx: Transaction, kind: "demo" | "real"): Promise<void> {
  const value = { kind };
  await tx.setting.upsert({ where: { key: KEY }, create: { key: KEY, value }, update: { value } });
}

async function hasDemoPeople(tx: Transaction): Promise<boolean> {
  return (await tx.user.count({ where: { email: { in: DEMO_EMAILS } } })) > 0;
}

/** Of a database without a mark: somebody signed in who is none of the demo's people, or there is something but none of them. */
async function holdsRealInstallation(tx: Transaction): Promise<boolean> {
  const others = { OR: [{ email: null }, { email: { notIn: DEMO_EMAILS } }] };
  if ((await tx.user.count({ where: { ...others, accounts: { some: {} } } })) > 0) return true;
  if (await hasDemoPeople(tx)) return false;
  const [people, clusters, applications] = [
    await tx.user.count(),
    await tx.cluster.count(),
    await tx.application.count(),
  ];
  return people + clusters + applications > 0;
}
