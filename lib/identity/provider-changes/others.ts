import type { Transaction } from "../../db/client.ts";

/** What is kept of another identity provider than the one in effect. */
export interface OfOthers {
  /** They cannot sign in, and their tokens and sessions do not count. */
  people: number;
  /** Grants to them do not count. */
  groups: number;
  issuers: string[];
}

/** Counts people and groups that belong to another identity provider than `issuer`. */
export async function countOfOthers(tx: Transaction, issuer: string): Promise<OfOthers> {
  const [counted] = await tx.$queryRaw<OfOthers[]>`
    select
      (select count(distinct a.user_id)::int from accounts a where a.issuer is distinct from ${issuer}
        and not exists (select 1 from accounts b where b.user_id = a.user_id and b.issuer = ${issuer})) as people,
      (select count(*)::int from groups where issuer is distinct from ${issuer}) as groups,
      array(select distinct coalesce(issuer, 'unknown') from accounts where issuer is distinct from ${issuer} limit 10) as issuers`;
  return counted ?? { people: 0, groups: 0, issuers: [] };
}
