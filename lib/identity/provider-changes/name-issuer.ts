import type { Transaction } from "../../db/client.ts";

/**
 * Gives rows from before issuers were kept the issuer that they are taken to be of (followProviders): nothing in them says whose they are.
 * A person is of the issuer that their account is of.
 * @returns how many were named.
 */
export async function nameIssuer(tx: Transaction, issuer: string): Promise<number> {
  const accounts = await tx.$executeRaw`
    update accounts set issuer = ${issuer} where id in (
      select distinct on (a.provider_account_id) a.id from accounts a where a.issuer is null and not exists (
        select 1 from accounts b where b.issuer = ${issuer} and b.provider_account_id = a.provider_account_id))`;
  const groups = await tx.$executeRaw`
    update groups set issuer = ${issuer} where id in (
      select distinct on (a.name) a.id from groups a where a.issuer is null and not exists (
        select 1 from groups b where b.issuer = ${issuer} and b.name = a.name))`;
  const people = await tx.$executeRaw`
    with named as (
      select distinct on (issuer, email) * from (
        select u.id, u.email, coalesce((
          select a.issuer from accounts a where a.user_id = u.id and a.issuer is not null order by a.id limit 1), ${issuer}) as issuer
        from users u where u.issuer is null) unnamed
      order by issuer, email, id)
    update users u set issuer = named.issuer from named where u.id = named.id and not exists (
      select 1 from users other where other.issuer = named.issuer and other.email = named.email)`;
  return accounts + groups + people;
}
