import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemContext } from "../../lib/context.ts";
import { issueToken } from "../../lib/identity/tokens/mutations.ts";
import { storeEntries } from "../../test/audit/store-entries.ts";
import { generateEntries } from "../../test/history/generate-entries.ts";
import { runCommandLine } from "../program/run.ts";
import { capture } from "../testing/capture.ts";
import { createTestConsole, type TestConsole } from "../testing/console.ts";
import { createMachine, type Machine } from "../testing/run-cli.ts";

const PATIENT = { timeout: 20_000 };
const COUNT = 1_200;
const RANGE = ["--from", "now-2h", "--to", "now"];
let server: TestConsole;
let machine: Machine;
let asAdministrator: Record<string, string>;

const record = (count: number, seed: number) => {
  const to = Date.now() - 1_000;
  // In one transaction: what a message holds, and what it does not, is then no matter of time.
  return storeEntries(server.pool, generateEntries({ count, from: to - 3_600_000, to, seed }), count);
};
const lastNo = async (): Promise<number> =>
  (await server.pool.query("select max(no)::int as no from kube_request")).rows[0].no;

beforeAll(async () => {
  server = await createTestConsole();
  machine = await createMachine();
  const { id: userId } = await server.createPerson("lena", ["admins"]);
  const { token } = await issueToken({ ctx: systemContext("test"), input: { name: "cli", userId } });
  asAdministrator = { KUBEWITNESS_CLI_URL: server.server.url, KUBEWITNESS_CLI_TOKEN: token };
  await record(COUNT, 7);
});
afterAll(async () => {
  machine.remove();
  await server.close();
});

const run = (...words: string[]) => runHere(words, asAdministrator);
/** A command line in this process, with what it printed. */
async function runHere(words: string[], env: Record<string, string>) {
  const terminal = capture({ HOME: machine.home, ...env });
  const code = await runCommandLine(words, terminal);
  return { code, stdout: terminal.stdout, stderr: terminal.stderr };
}

const search = async (...words: string[]) =>
  JSON.parse((await run("audit", "search", ...RANGE, "-o", "json", ...words)).stdout) as {
    entries: { no: number; verb: string }[];
    next: string | null;
  };

/** The live list or the export of the server with its answers passed through `change`. */
async function withRoute(route: string, change: (response: Response) => Response, run: () => Promise<void>) {
  const original = server.routes[route]!;
  server.routes[route] = async (...input) => change(await original(...input));
  await run().finally(() => {
    server.routes[route] = original;
  });
}

describe("search", () => {
  test("has every entry once, over all pages", async () => {
    const { entries, next } = await search("--all");
    expect(next).toBeNull();
    expect(new Set(entries.map(({ no }) => no)).size).toBe(COUNT);
  });

  test("goes on with the cursor where it stopped", async () => {
    const first = await search("--limit", "20");
    const second = await search("--limit", "20", "--cursor", first.next!);
    const both = await search("--limit", "40");
    expect([...first.entries, ...second.entries]).toEqual(both.entries);
  });

  test("takes the filter language, and says where a filter is wrong", async () => {
    const { entries } = await search("verb = delete");
    expect(entries.length).toBeGreaterThan(0);
    expect(new Set(entries.map(({ verb }) => verb))).toEqual(new Set(["delete"]));
    expect(await run("audit", "search", "vreb = delete")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("Did you mean verb?"),
    });
  });

  test("prints a table, and where there is more of it", async () => {
    const { stdout, stderr } = await run("audit", "search", ...RANGE, "--limit", "3");
    expect(stdout.split("\n")[0]).toMatch(
      /^NO +TIME +WHO +CLUSTER +VERB +RESOURCE +NAMESPACE +NAME +STATUS$/,
    );
    expect(stdout.trimEnd().split("\n")).toHaveLength(4);
    expect(stderr).toMatch(/^There is more: --cursor \S+\n$/);
  });

  test("is an event, with the other surfaces too", async () => {
    const { stdout } = await run("audit", "search", "--record", "events", "-o", "json", "--limit", "5");
    expect(JSON.parse(stdout).entries.length).toBe(5);
  });
});

test("tail has what is recorded, each once: more at once than a message holds, and what came while it was cut off", async () => {
  const start = await lastNo();
  let cut = new AbortController();
  let opened = 0;
  const cuttable = (response: Response) => {
    opened++;
    return new Response(response.body?.pipeThrough(new TransformStream(), { signal: cut.signal }), response);
  };
  await withRoute("GET /api/v1/request-audit/live", cuttable, async () => {
    const running = machine.start(["audit", "tail", "-o", "json", "--last", "0"], asAdministrator);
    const seen = () =>
      running
        .stdout()
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line).no as number);
    const upTo = async () =>
      Array.from({ length: (await lastNo()) - start }, (_, index) => start + index + 1);
    const untilAll = async () => {
      const all = await upTo();
      await expect.poll(() => seen().length, PATIENT).toBeGreaterThanOrEqual(all.length);
      expect(seen().toSorted((a, b) => a - b)).toEqual(all);
    };
    await expect.poll(() => opened, PATIENT).toBe(1);
    await record(30, 8);
    await untilAll();
    await record(450, 9);
    await untilAll();
    const wasCut = cut;
    cut = new AbortController();
    wasCut.abort();
    await record(30, 10);
    await untilAll();
    running.child.kill("SIGINT");
    await running.ended;
    for (const secret of [asAdministrator.KUBEWITNESS_CLI_TOKEN!])
      expect(running.stdout() + running.stderr()).not.toContain(secret);
  });
});

test("tail prints each once where reading what was more than a message holds breaks off", async () => {
  const start = await lastNo();
  let [opened, answers] = [0, 0];
  const counting = (response: Response) => {
    opened++;
    return response;
  };
  // The first is of what is there at the start, the third the second page of what came at once.
  const breaking = (response: Response) =>
    ++answers === 3 ? Response.json({ code: "internal", message: "Broken." }, { status: 500 }) : response;
  await withRoute("GET /api/v1/request-audit", breaking, () =>
    withRoute("GET /api/v1/request-audit/live", counting, async () => {
      const running = machine.start(["audit", "tail", "-o", "json", "--last", "0"], asAdministrator);
      await expect.poll(() => opened, PATIENT).toBe(1);
      await record(1_100, 11);
      const wanted = Array.from({ length: (await lastNo()) - start }, (_, index) => start + index + 1);
      const seen = () =>
        running
          .stdout()
          .split("\n")
          .slice(0, -1)
          .map((line) => JSON.parse(line).no as number);
      await expect.poll(() => opened, PATIENT).toBeGreaterThan(1);
      const missing = () => {
        const found = new Set(seen());
        return wanted.filter((no) => !found.has(no));
      };
      await expect.poll(missing, PATIENT).toEqual([]);
      running.child.kill("SIGINT");
      await running.ended;
      expect(seen().length).toBe(new Set(seen()).size);
    }),
  );
});

describe("export", () => {
  test("goes on where the connection broke, and is the file that the installation sent", async () => {
    const file = path.join(machine.home, "calls.csv");
    let answers = 0;
    const breaking = (response: Response) => {
      if (++answers > 2) return response;
      let sent = 0;
      const limit = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          const left = 20_000 - sent;
          sent += chunk.length;
          controller.enqueue(chunk.subarray(0, Math.max(0, left)));
          if (sent >= 20_000) controller.error(new Error("cut"));
        },
      });
      return new Response(response.body!.pipeThrough(limit), response);
    };
    await withRoute("GET /api/v1/request-audit/export", breaking, async () => {
      const { code, stdout, stderr } = await run("audit", "export", ...RANGE, "--file", file);
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      expect(stderr).toMatch(/Going on after \d+ bytes/);
      expect(stderr).toMatch(/\d+ rows, \d+ bytes, SHA-256 [\da-f]{64} in /);
    });
    expect(answers).toBeGreaterThan(2);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}.part`)).toBe(false);
    const [head, ...lines] = readFileSync(file, "utf8").trimEnd().split("\r\n");
    expect(head).toMatch(/^no,executedAt,/);
    expect(lines.length).toBeGreaterThanOrEqual(COUNT);
  });

  test("writes over nothing that is there, unless it is told to", async () => {
    const file = path.join(machine.home, "there.ndjson");
    writeFileSync(file, "mine");
    const words = ["audit", "export", "verb = delete", ...RANGE, "--format", "ndjson", "--file", file];
    expect(await run(...words)).toMatchObject({ code: 2, stderr: expect.stringContaining("add --force") });
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect(await run(...words, "--force")).toMatchObject({ code: 0 });
    for (const line of readFileSync(file, "utf8").trimEnd().split("\n"))
      expect(JSON.parse(line).verb).toBe("delete");
  });

  test("to where nothing can be written ends, and says so", async () => {
    const { code, stderr } = await new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const words = [machine.program, "audit", "export", ...RANGE];
      const stdio = ["ignore", openSync("/dev/full", "w"), "pipe"] as const;
      const child = spawn(process.execPath, words, {
        env: { ...machine.env, ...asAdministrator },
        stdio: [...stdio],
      });
      let said = "";
      child.stderr!.on("data", (chunk) => {
        said += chunk;
      });
      child.on("close", (status) => resolve({ code: status, stderr: said }));
    });
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: expect.stringMatching(/^error: .*cannot be written \(ENOSPC\)/),
    });
  });

  test("of a wrong filter leaves no file", async () => {
    const file = path.join(machine.home, "wrong.csv");
    expect(await run("audit", "export", "vreb = x", "--file", file)).toMatchObject({ code: 2 });
    expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
  });
});

test("a token of the environment that does not count ends with 3, and is not said", async () => {
  const env = { ...asAdministrator, KUBEWITNESS_CLI_TOKEN: "kwt_made_up" };
  const result = await runHere(["whoami"], env);
  expect(result).toMatchObject({
    code: 3,
    stdout: "",
    stderr: expect.stringContaining("KUBEWITNESS_CLI_TOKEN does not count"),
  });
  expect(result.stderr).not.toContain("kwt_made_up");
});
