import { chmodSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Duplex } from "node:stream";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../scripts/postgres/embedded-postgres.ts";
import type { RecordingPolicy } from "../access/policy/schema.ts";
import type { KubeRequestEntry } from "../audit/entry/entry.ts";
import { migrateDatabase } from "../db/migrate.ts";
import { openStore, type RecordingStore } from "../recordings/store/recording-store.ts";
import { storeConfig } from "../recordings/store/testing/store.ts";
import { encodeFrame, WEBSOCKET_OPCODE } from "../wire/websocket-frames.ts";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { connectRaw, type RawConnection } from "./testing/raw-client.ts";
import { recordSessions } from "./testing/recorded-role.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";
import { EXEC, webSocketHead } from "./testing/upgrade-heads.ts";
import { acceptWebSocket } from "./testing/upstream-session.ts";

// What becomes of a session whose recording cannot be written, by what its role says of recordings, over real sockets and PostgreSQL.

const POLICIES: RecordingPolicy[] = ["required", "best_effort", "off"];
const REFUSED = "The session was not started: role developer requires that it is recorded";
const ENDED = "Kubewitness ended this session: it must be recorded, and its recording cannot go on";
/** Until a store that does not answer is given up, and more for a loaded machine. */
const PATIENCE = { timeout: 30_000 };

let folder: string;
let postgres: EmbeddedPostgres;
let store: RecordingStore;
let api: ApiServer;
let gateway: TestGateway;
/** What the cluster has of each session, by the name of its pod. */
const servers = new Map<string, Duplex>();

const startPostgres = () => startEmbeddedPostgres({ directory: folder, database: "policy", durable: false });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-policy-postgres-"));
  // Where root runs PostgreSQL as nobody, nobody must be able to reach it.
  chmodSync(folder, 0o711);
  postgres = await startPostgres();
  await migrateDatabase(postgres.url);
  store = openStore(storeConfig(postgres.url));
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway({ recordings: store })]);
  gateway.addCluster("prod", api.upstream);
  api.onUpgrade = (request, socket) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
    acceptWebSocket(request, socket);
    servers.set(podOf(request.url ?? ""), socket);
  };
  gateway.decide = (input) => recordSessions(input.attributes.name as RecordingPolicy)(input);
}, 120_000);
beforeEach(() => {
  gateway.recorder.clear();
  servers.clear();
});
afterAll(async () => {
  await gateway.close();
  await store.stop();
  await api.close();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

const podOf = (url: string) => /\/pods\/([^/]+)\//.exec(url)![1]!;
const shows = (text: string) =>
  encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.from(`\x01${text}`) });

async function sql(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Asks for a session in the pod that is called as the policy. */
async function ask(policy: RecordingPolicy): Promise<RawConnection> {
  const client = await connectRaw(gateway.port);
  const path = `${EXEC.replace("web-1", policy)}?command=sh&stdout=true&tty=true&stdin=true`;
  client.write(webSocketHead({ path }));
  return client;
}

const rowsOf = (policy: RecordingPolicy): KubeRequestEntry[] =>
  gateway.recorder.entries.filter(({ resourceName }) => resourceName === policy);

/** The client leaves, and both rows are there. */
async function leave(client: RawConnection, policy: RecordingPolicy): Promise<KubeRequestEntry[]> {
  client.socket.destroy();
  await expect.poll(() => rowsOf(policy).length, PATIENCE).toBe(2);
  return rowsOf(policy);
}

async function recordingOf(recordingId: string) {
  const select = `SELECT ending, result, chunks, message FROM recording WHERE recording_id = '${recordingId}'`;
  await expect.poll(() => sql(select), { timeout: 60_000 }).toHaveLength(1);
  return (await sql(select))[0];
}

/** The ways in which a store fails, each with its end. */
const FAILURES: Record<string, () => Promise<() => Promise<unknown>>> = {
  "is away": async () => {
    await postgres.stop();
    return async () => {
      postgres = await startPostgres();
    };
  },
  "has a full disk": async () => {
    await sql(`
      CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER disk_is_full BEFORE INSERT ON recording_running FOR EACH STATEMENT EXECUTE FUNCTION disk_full();
      CREATE TRIGGER disk_is_full BEFORE INSERT ON recording_chunk FOR EACH STATEMENT EXECUTE FUNCTION disk_full();`);
    return () => sql("DROP FUNCTION disk_full CASCADE");
  },
  "is too slow": async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query("BEGIN; LOCK TABLE recording_running, recording_chunk IN ACCESS EXCLUSIVE MODE");
    return () => client.end();
  },
};

describe.each(Object.keys(FAILURES))("where the store %s", (failure) => {
  let mend: (() => Promise<unknown>) | null = null;
  const fail = async () => {
    mend = await FAILURES[failure]!();
  };
  const mended = async () => {
    await mend?.();
    mend = null;
  };
  afterEach(mended);

  test("before it begins, a session is refused, or goes on unrecorded and says so", async () => {
    await fail();
    const [required, bestEffort, off] = await Promise.all(POLICIES.map(ask));
    await expect.poll(() => required!.received(), PATIENCE).toMatch(/^HTTP\/1\.1 503 .*"status":"Failure"/s);
    expect(required!.received()).toContain(REFUSED);
    expect(servers.has("required")).toBe(false);
    expect(rowsOf("required")).toMatchObject([{ httpStatus: 503, result: "failure", recordingId: null }]);

    for (const [client, policy, note] of [
      [bestEffort!, "best_effort", "; not recorded"],
      [off!, "off", ""],
    ] as const) {
      await expect.poll(() => client.received(), PATIENCE).toMatch(/^HTTP\/1\.1 101 /);
      servers.get(policy)!.write(shows("still here"));
      await client.receive(/still here$/);
      expect(await leave(client, policy)).toMatchObject([
        { message: `Session started: sh${note}`, recordingId: null },
        { message: `Session ended: the client left${note}`, recordingId: null },
      ]);
    }
    await mended();
    await expect.poll(() => sql("SELECT * FROM recording_running"), PATIENCE).toEqual([]);
  }, 120_000);

  test("while it runs, a session ends with a message, or goes on and says so", async () => {
    const clients = await Promise.all(POLICIES.map(ask));
    const [required, bestEffort, off] = clients;
    for (const client of clients)
      await expect.poll(() => client.received(), PATIENCE).toMatch(/^HTTP\/1\.1 101 /);
    const show = (text: string) => {
      for (const policy of POLICIES) servers.get(policy)!.write(shows(text));
    };
    show("kept");
    const chunks =
      "SELECT count(*)::int AS chunks FROM recording_chunk JOIN recording_running USING (recording_id)";
    await expect.poll(() => sql(chunks), PATIENCE).toEqual([{ chunks: 2 }]);

    await fail();
    show("not kept");
    await expect.poll(() => required!.received(), PATIENCE).toContain(ENDED);
    await required!.closed();
    expect(rowsOf("required")[1]).toMatchObject({
      result: "failure",
      message: "Session ended: it must be recorded, and its recording cannot go on; recorded in part",
    });
    expect(rowsOf("best_effort")).toHaveLength(1);
    show("still here");
    await Promise.all([bestEffort!.receive(/still here$/), off!.receive(/still here$/)]);
    expect(await leave(off!, "off")).toMatchObject([
      { message: "Session started: sh", recordingId: null },
      { message: "Session ended: the client left", recordingId: null },
    ]);
    const [start] = await leave(bestEffort!, "best_effort");

    await mended();
    for (const { recordingId, message } of [rowsOf("required")[0]!, start!]) {
      expect(message).toBe("Session started: sh");
      expect(await recordingOf(recordingId!)).toMatchObject({
        ending: 5,
        result: 0,
        // What PostgreSQL took late all the same belongs to it.
        chunks: failure === "is too slow" ? expect.any(Number) : 1,
        message: expect.stringMatching(/; recorded in part$/),
      });
    }
  }, 120_000);
});
