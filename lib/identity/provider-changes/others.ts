import type { Transaction } from "../../db/client.ts";

/** What is kept of identity providers that are not configured (any more). */
export interface OfOthers {
  /** They cannot sign in, and their tokens and sessions do not count. */
  people: number;
  /** Grants to them do not count. */
  groups: number;
  issuers: string[];
}

/** Counts people and groups that belong to none of `issuers`. */
export async function countOfOthers(tx: Transaction, issuers: readonly string[]): Promise<OfOthers> {
  const known = [...issuers];
  const [counted] = await tx.$queryRaw<OfOthers[]>`
    select
      (select count(*)::int from users where (issuer = any(${known}::text[])) is not true) as people,
      (select count(*)::int from groups where (issuer = any(${known}::text[])) is not true) as groups,
      array(select distinct coalesce(issuer, 'unknown') from users where (issuer = any(${known}::text[])) is not true limit 10) as issuers`;
  return counted ?? { people: 0, groups: 0, issuers: [] };
}
