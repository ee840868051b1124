import type { Transaction } from "../../db/client.ts";

/** What the groups of an issuer are called whose names are ids, by these. */
export interface GroupNames {
  issuer: string;
  groupNames: Readonly<Record<string, string>>;
}

/** Gives groups that there are the names that their provider is set to give them, and takes back names that it is not (any more). Those of SCIM are SCIM's. */
export async function nameGroups(tx: Transaction, { issuer, groupNames }: GroupNames): Promise<void> {
  await nameKnownGroups(tx, { issuer, groupNames });
  await tx.$executeRaw`
    update groups set display_name = null
    where issuer = ${issuer} and source <> 'scim' and display_name is not null and name <> all(${Object.keys(groupNames)}::text[])`;
}

/** The same of groups that may be new. */
export async function nameKnownGroups(tx: Transaction, { issuer, groupNames }: GroupNames): Promise<void> {
  const [ids, names] = [Object.keys(groupNames), Object.values(groupNames)];
  if (ids.length === 0) return;
  await tx.$executeRaw`
    update groups set display_name = named.display_name
    from unnest(${ids}::text[], ${names}::text[]) as named (name, display_name)
    where groups.issuer = ${issuer} and groups.source <> 'scim' and groups.name = named.name
      and groups.display_name is distinct from named.display_name`;
}
