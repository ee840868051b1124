import { announceAccessChange } from "../lib/access/table/announce.ts";
import { recordEvent } from "../lib/audit/events/record.ts";
import { announceClusterChange } from "../lib/clusters/announce.ts";
import { clusterEntity, endGrants } from "../lib/clusters/changes.ts";
import { viewCluster } from "../lib/clusters/data.ts";
import type { Context } from "../lib/context.ts";
import type { Transaction } from "../lib/db/client.ts";
import { viewApplication } from "../lib/identity/applications/data.ts";
import { personEntity } from "../lib/identity/people/changes.ts";
import { viewPerson, WITH_GROUPS } from "../lib/identity/people/data.ts";
import { announceRevocation } from "../lib/revocation/revocation.ts";

/** The ids of what the demo made, or all there is. */
export type MadeByDemo = "everything" | ReadonlySet<string>;

/** How much of each ended. */
export interface EndedDemo {
  clusters: number;
  grants: number;
  applications: number;
  people: number;
}

interface Ending {
  tx: Transaction;
  ctx: Context;
  made: MadeByDemo;
}

/**
 * Ends what a demo made, within the caller's transaction and with an event for each: clusters with their credentials and grants, other
 * grants, applications, people; tokens, sessions, memberships and saved views go with whose they are. The record of the demo stays.
 */
export async function endDemo(ending: Ending): Promise<EndedDemo> {
  const ended = {
    clusters: await endClusters(ending),
    grants: await endOtherGrants(ending),
    applications: await endApplications(ending),
    people: await endPeople(ending),
  };
  await endEmptyGroups(ending);
  await recordEvent(ending.tx, ending.ctx, {
    action: "Update",
    entityType: "Settings",
    entityId: "installation",
    entityName: "installation",
    before: { kind: "demo" },
    after: { kind: "real", ended },
  });
  return ended;
}

const isMade = (made: MadeByDemo) => (row: { id: string }) => made === "everything" || made.has(row.id);

async function endClusters({ tx, ctx, made }: Ending): Promise<number> {
  const clusters = (await tx.cluster.findMany({ where: { removedAt: null } })).filter(isMade(made));
  for (const cluster of clusters) {
    const data = { removedAt: new Date(), credential: null };
    await tx.cluster.update({ where: { id: cluster.id }, data });
    await announceRevocation(tx, { kind: "cluster", id: cluster.id });
    await recordEvent(tx, ctx, {
      action: "Delete",
      ...clusterEntity(cluster),
      before: viewCluster(cluster),
    });
    await endGrants(tx, ctx, cluster);
  }
  if (clusters.length > 0) await announceClusterChange(tx);
  return clusters.length;
}

async function endOtherGrants({ tx, ctx, made }: Ending): Promise<number> {
  const live = await tx.grant.findMany({ where: { revokedAt: null }, include: { role: true } });
  const isSubjectMade = isMade(made);
  const grants = live.filter((grant) => isMade(made)(grant) || isSubjectMade({ id: grant.subjectId }));
  for (const { id, role, subjectKind, subjectId, namespaces } of grants) {
    await tx.grant.update({ where: { id }, data: { revokedAt: new Date() } });
    await recordEvent(tx, ctx, {
      action: "Delete",
      operation: "Revoke",
      entityType: "AccessGrant",
      entityId: id,
      entityName: `${role.name} to ${subjectKind} ${subjectId}`,
      before: { id, role: role.name, subjectKind, subjectId, namespaces },
    });
  }
  if (grants.length > 0) await announceAccessChange(tx);
  return grants.length;
}

async function endApplications({ tx, ctx, made }: Ending): Promise<number> {
  const applications = (await tx.application.findMany()).filter(isMade(made));
  for (const application of applications) {
    await tx.application.delete({ where: { id: application.id } });
    await announceRevocation(tx, { kind: "application", id: application.id });
    await recordEvent(tx, ctx, {
      action: "Delete",
      entityType: "Applications",
      entityId: application.id,
      entityName: application.name,
      before: viewApplication(application),
    });
  }
  return applications.length;
}

async function endPeople({ tx, ctx, made }: Ending): Promise<number> {
  const people = (await tx.user.findMany({ include: WITH_GROUPS })).filter(isMade(made));
  for (const person of people) {
    const tokens = await tx.accessToken.count({ where: { userId: person.id, revokedAt: null } });
    const sessions = await tx.session.count({ where: { userId: person.id } });
    await tx.user.delete({ where: { id: person.id } });
    await announceRevocation(tx, { kind: "user", id: person.id });
    await recordEvent(tx, ctx, {
      action: "Delete",
      ...personEntity(person),
      before: { ...viewPerson(person), tokens, sessions },
    });
  }
  return people.length;
}

/** Groups that nobody is in and nothing is granted to: the demo's provider named them. */
async function endEmptyGroups({ tx, ctx }: Ending): Promise<void> {
  const granted = await tx.grant.findMany({ where: { revokedAt: null, subjectKind: "group" } });
  const groups = await tx.group.findMany({
    where: { members: { none: {} }, id: { notIn: granted.map(({ subjectId }) => subjectId) } },
  });
  for (const group of groups) {
    await tx.group.delete({ where: { id: group.id } });
    await recordEvent(tx, ctx, {
      action: "Delete",
      entityType: "Group",
      entityId: group.id,
      entityName: group.name,
      before: { id: group.id, name: group.name, source: group.source },
    });
  }
}
