import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "./embedded-postgres.ts";

vi.setConfig({ testTimeout: 120_000 });
let directory: string;
const running: EmbeddedPostgres[] = [];

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "kubewitness-embedded-"));
  chmodSync(directory, 0o711);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  rmSync(directory, { recursive: true });
});

const start = async (options: Partial<EmbeddedPostgresOptions> = {}) => {
  const server = await startEmbeddedPostgres({ directory, database: "app", durable: true, ...options });
  running.push(server);
  return server;
};

const query = async (url: string, text: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

const postmasterPid = () =>
  Number(readFileSync(path.join(directory, "pgdata/postmaster.pid"), "utf8").split("\n")[0]);

it("keeps data, port and password over a restart, and writes through to the disk", async () => {
  const first = await start();
  await query(first.url, "create table kept as select 42 as answer");
  expect(await query(first.url, "show fsync")).toEqual([{ fsync: "on" }]);
  await first.stop();
  const second = await start();
  expect(second.url).toBe(first.url);
  expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
  expect(statSync(path.join(directory, "password")).mode & 0o777).toBe(0o600);
});

it("refuses a second instance on the same folder", async () => {
  await start();
  await expect(start()).rejects.toThrow(
    /is in use by another running instance \(process \d+ of host .+\): stop that one/,
  );
});

it("refuses a wrong password", async () => {
  const { url } = await start();
  await expect(query(url.replace(/:[^:@]+@/, ":wrong@"), "select 1")).rejects.toThrow(
    "password authentication failed",
  );
});

it("takes another port where the remembered one is taken", async () => {
  const first = await start();
  await first.stop();
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(first.port, "127.0.0.1", resolve));
  const second = await start();
  squatter.close();
  expect(second.port).not.toBe(first.port);
  expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
});

describe("after a crash", () => {
  it("recovers what was committed when the server was killed", async () => {
    const first = await start();
    await query(first.url, "create table kept as select 42 as answer");
    process.kill(postmasterPid(), "SIGKILL");
    await first.exited;
    expect(existsSync(path.join(directory, "pgdata/postmaster.pid"))).toBe(true);
    const second = await start();
    expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("ends the server that a killed run left behind, and starts its own", async () => {
    const orphan = await start();
    const pid = postmasterPid();
    // What remains of a run that was killed: a lock that names nobody alive, and none of the kernel's.
    rmSync(path.join(directory, "lock.held"));
    writeFileSync(path.join(directory, "lock"), JSON.stringify({ pid, identity: "gone" }));
    const second = await start();
    await orphan.exited;
    expect(postmasterPid()).not.toBe(pid);
    expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("is not misled by a pid file whose number another program has", async () => {
    await (await start()).stop();
    writeFileSync(path.join(directory, "pgdata/postmaster.pid"), `${process.pid}\n${directory}/pgdata\n`);
    const server = await start();
    expect(await query(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });
});

it.runIf(process.getuid?.() === 0)("runs as nobody where user namespaces are refused", async () => {
  const server = await start({ allowNamespace: false });
  expect(server.mode).toBe("as nobody");
  expect(statSync(path.join(directory, "pgdata")).uid).toBe(65_534);
  expect(await query(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
});
