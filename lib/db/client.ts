import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../../prisma/generated/client.ts";

export type Database = PrismaClient;
/** What a mutation gets inside `inTransaction`: everything but connection handling and nested transactions. */
export type Transaction = Omit<
  PrismaClient,
  "$connect" | "$disconnect" | "$on" | "$use" | "$extends" | "$transaction"
>;

/** Opens a Prisma client of its own (tests, scripts), with a pool of `max` connections. The application uses `database()`. */
export function createDatabase(url: string, max = 8): Database {
  const pool = { connectionString: url, max, connectionTimeoutMillis: 10_000 };
  return new PrismaClient({ adapter: new PrismaPg({ ...pool, application_name: "kubewitness changes" }) });
}

/** Runs `work` in one transaction: everything in it is stored, or nothing. */
export function inTransaction<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.$transaction(work, { timeout: 15_000, maxWait: 10_000 });
}
