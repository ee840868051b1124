import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Config, installConfig, loadConfig } from "../lib/config.ts";
import { startNotifications, stopNotifications } from "../lib/db/notifications.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

export interface TestInstallation extends TestDatabase {
  config: Config;
}

/** Settings of an installation with an identity provider, which nothing here asks. */
export const NO_DEMO = {
  KUBEWITNESS_DEMO: "false",
  OIDC_ISSUER: "https://login.example",
  OIDC_CLIENT_ID: "x",
  OIDC_CLIENT_SECRET: "y",
};

/**
 * An installation without its servers: a database of its own, settings (those of `env` over the defaults, secrets made in a folder of
 * its own), and the process listening to notifications.
 */
export async function createTestInstallation(env: Record<string, string> = {}): Promise<TestInstallation> {
  const directory = mkdtempSync(path.join(tmpdir(), "kubewitness-test-installation-"));
  const config = loadConfig({
    env: { KUBEWITNESS_DATA: directory, KUBEWITNESS_DEMO: "true", ...env },
    cwd: directory,
  });
  installConfig(config);
  const database = await createTestDatabase();
  await startNotifications();
  const close = async () => {
    await stopNotifications();
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { ...database, config, close };
}

export interface RecordedEvent {
  no: number;
  action: string;
  operation: string;
  entityType: string;
  entityId: string | null;
  entityName: string | null;
  status: "Succeeded" | "Failed";
  error: string | null;
  actorKind: string;
  actorName: string;
  sourceIp: string | null;
  userAgent: string | null;
  clusterName: string | null;
  before: unknown;
  after: unknown;
  requestBody: unknown;
}

const EVENTS = `
  select e.no, ac.value as action, op.value as operation, et.value as "entityType", e.entity_id as "entityId",
    e.entity_name as "entityName", case e.status when 1 then 'Succeeded' else 'Failed' end as status, e.error,
    a.kind as "actorKind", coalesce(nullif(a.email, ''), a.name) as "actorName", ip.value as "sourceIp", ua.value as "userAgent",
    c.name as "clusterName", b.before, b.after, b.request_body as "requestBody"
  from audit_event e
  join audit_dictionary ac on ac.id = e.action_id
  join audit_dictionary op on op.id = e.operation_id
  join audit_dictionary et on et.id = e.entity_type_id
  join audit_actor a on a.id = e.actor_id
  left join audit_dictionary ip on ip.id = e.source_ip_id
  left join audit_dictionary ua on ua.id = e.user_agent_id
  left join audit_cluster c on c.id = e.cluster_id
  left join audit_event_body b on b.happened_at = e.happened_at and b.ledger_id = e.ledger_id and b.no = e.no
  where e.no > $1 order by e.no`;

/** The events after number `after`, oldest first, read from the tables themselves. */
export async function readEvents({ pool }: TestDatabase, after = 0): Promise<RecordedEvent[]> {
  return (await pool.query<RecordedEvent>(EVENTS, [after])).rows;
}

/** The number of the newest event; 0 where there is none. */
export async function lastEventNo({ pool }: TestDatabase): Promise<number> {
  const { rows } = await pool.query<{ no: number }>(
    "select coalesce(max(no), 0)::bigint as no from audit_event",
  );
  return rows[0]!.no;
}
