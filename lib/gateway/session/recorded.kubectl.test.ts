import { createHash, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { spawn as spawnTerminal } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { kubectlBinaries } from "../../../scripts/kubectl-binaries.ts";
import { type KubectlLab, startKubectlLab } from "../testing/kubectl-lab.ts";
import { recordSessions } from "../testing/recorded-role.ts";

// Real kubectl, directly at a cluster and through the gateway: what its person sees is the same to the byte, and the recording replays to the same screen.

const PATIENCE = { timeout: 30_000 };
const START = { columns: 120, rows: 30 };
const LATER = { columns: 100, rows: 20 };
const PROMPT = "/ # ";
/** How the shell draws its prompt again for each size that it is told, whenever that comes. */
const REDRAWN = `\r${PROMPT}\x1b[J`;
const SHELL = "--image=busybox --stdin --tty --attach=false -- sh";
const CHOSEN_NAME = /debugger-[a-z0-9]{5}/g;

const all = await kubectlBinaries();
const binaries = all.length > 1 ? [all[0]!, all.at(-1)!] : all;

let lab: KubectlLab;
let pod: string;
beforeAll(async () => {
  lab = await startKubectlLab();
  pod = await lab.aPod(binaries[0]!.path);
  const { decide } = lab.gateway;
  lab.gateway.decide = (input) => {
    const [decision, policy] = [decide(input), recordSessions("required")(input)];
    return decision.allowed && policy.allowed ? { ...decision, recording: policy.recording } : decision;
  };
});
beforeEach(() => {
  lab.gateway.recorder.clear();
  lab.gateway.recordings.clear();
});
afterAll(() => lab.close());

type Seen = string | { columns: number; rows: number };

/** Somebody's session at a terminal, by one of the ways to the cluster: what was seen, and the sizes between it. */
async function typeIn(binary: string, args: string[]): Promise<{ code: number; text: string; seen: Seen[] }> {
  const env = { ...lab.environment, TERM: "xterm" };
  const terminal = spawnTerminal(binary, args, { cols: START.columns, rows: START.rows, env });
  const seen: Seen[] = [START];
  let text = "";
  terminal.onData((chunk) => {
    text += chunk;
    seen.push(chunk);
  });
  const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  const see = (what: string) => expect.poll(() => text, PATIENCE).toContain(what);
  await see(PROMPT);
  terminal.write("printf '\\033[1;31mred\\033[0m %s\\n' ünïcode✓漢字\r");
  await see(`ünïcode✓漢字\r\n${PROMPT}`);
  const before = text.length;
  seen.push(LATER);
  terminal.resize(LATER.columns, LATER.rows);
  await expect.poll(() => text.slice(before), PATIENCE).toContain(REDRAWN);
  terminal.write("stty size\r");
  await see(`${LATER.rows} ${LATER.columns}\r\n`);
  terminal.write("exit 3\r");
  return { code: await ended, text, seen };
}

/** What a terminal shows in the end: each cell with its colours, and the cursor. */
async function screenOf(seen: readonly Seen[]): Promise<unknown> {
  const terminal = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  for (const each of seen) {
    if (typeof each === "string") await new Promise<void>((resolve) => terminal.write(each, resolve));
    else terminal.resize(each.columns, each.rows);
  }
  const { active } = terminal.buffer;
  const rows = Array.from({ length: terminal.rows }, (_, y) => {
    const line = active.getLine(active.baseY + y)!;
    return Array.from({ length: terminal.cols }, (_, x) => {
      const cell = line.getCell(x)!;
      const look = [cell.getFgColor(), cell.getFgColorMode(), cell.getBgColor(), cell.isBold()];
      return `${cell.getChars()}|${cell.getWidth()}|${look}`;
    });
  });
  return { rows, cursor: [active.cursorX, active.cursorY] };
}

/** Without what kubectl itself says before the session and after it. */
function onlySession(seen: readonly Seen[], { from, length }: { from: number; length: number }): Seen[] {
  let at = 0;
  return seen.map((each) => {
    if (typeof each !== "string") return each;
    const start = at;
    at += each.length;
    return each.slice(Math.max(0, from - start), Math.max(0, from + length - start));
  });
}

/** The recordings that there are, once each is closed, in the order in which they began. */
async function recordings() {
  const { sessions, ends, forgotten } = lab.gateway.recordings;
  await expect.poll(() => ends.length + forgotten.length, PATIENCE).toBe(sessions.length);
  return sessions.flatMap((session) => {
    const end = ends.find(({ recordingId }) => recordingId === session.recordingId);
    return end === undefined
      ? []
      : [{ session, end, events: lab.gateway.recordings.events(session.recordingId) }];
  });
}

function expectRowsOf(recordingId: string): void {
  const rows = lab.gateway.recorder.entries.filter((entry) => entry.recordingId === recordingId);
  expect(rows.map(({ stage }) => stage)).toEqual(["start", "end"]);
}

const sameWords = (text: string, way: string) =>
  text.replaceAll(REDRAWN, "").replaceAll(CHOSEN_NAME, "debugger").replaceAll(`attached-${way}`, "attached");

describe.each(binaries)("kubectl $version", ({ path: binary, version }) => {
  // It says nothing of what it does, and asks for ephemeral containers as no cluster takes it any more.
  const isOld = version === "1.20";
  const id = version.replace(".", "-");
  const attached = (way: string) => `attached-${way}-${id}`;
  const debuggerOf = (way: string) => `debugger-${way.slice(0, 5)}`;

  test.each<[string, string, (way: string) => string[], (way: string) => Promise<void>]>([
    ["exec -it", "exec", () => ["exec", "-it", pod, "--", "sh"], nothing],
    ["attach -it", "attach", (way) => ["attach", "-it", attached(way)], (way) => startPod(attached(way))],
    isOld
      ? [
          "attach -it to a debugger",
          "debug",
          (way) => ["attach", "-it", pod, "-c", debuggerOf(way)],
          (way) => startDebugger(debuggerOf(way)),
        ]
      : ["debug -it", "debug", () => ["debug", "-it", pod, "--image=busybox", "--", "sh"], nothing],
    [
      "run -it",
      isOld ? "attach" : "run",
      () => ["run", `run-${id}`, "--rm", "-it", "--image=busybox", "--restart=Never", "--", "sh"],
      nothing,
    ],
  ])(
    "%s is the same with and without the gateway, and replays to the same screen",
    async (_what, kind, args, begin) => {
      for (const way of ["direct", "gateway"]) await begin(way);
      const [direct, through] = [
        await typeIn(binary, ["--context=direct", ...args("direct")]),
        await typeIn(binary, ["--context=gateway", ...args("gateway")]),
      ];
      expect(sameWords(through.text, "gateway")).toBe(sameWords(direct.text, "direct"));
      expect(through.code).toBe(direct.code);

      const [recorded, ...others] = await recordings();
      expect(others).toEqual([]);
      const { session, end, events } = recorded!;
      expect(session).toMatchObject({ kind, tty: true });
      expect(end).toMatchObject({
        // An attach succeeds however the process ends.
        outcome: { ending: "completed", exitCode: kind === "exec" ? 3 : 0 },
        columns: LATER.columns,
        rows: LATER.rows,
      });
      expectRowsOf(session.recordingId);
      const output = events.filter(({ code }) => code === "o").map(({ data }) => data);
      const from = through.text.indexOf(output.join(""));
      expect(from).toBeGreaterThanOrEqual(0);
      const played = events.flatMap(({ code, data }): Seen[] => {
        const [columns, rows] = data.split("x").map(Number) as [number, number];
        return code === "o" ? [data] : code === "r" ? [{ columns, rows }] : [];
      });
      expect(await screenOf(played)).toEqual(
        await screenOf(onlySession(through.seen, { from, length: output.join("").length })),
      );
    },
    120_000,
  );

  test("exec without a terminal tells stdout and stderr apart, as kubectl does", async () => {
    const line = (way: string) =>
      `"$KUBECTL" --context=${way} exec ${pod} -- sh -c 'echo out; echo err >&2; echo more; exit 3'`;
    const direct = await lab.shell(binary, line("direct"));
    expect(await lab.shell(binary, line("gateway"))).toEqual(direct);
    expect(direct).toMatchObject({ out: "out\nmore\n" });
    const [recorded] = await recordings();
    const { session, end } = recorded!;
    expect(session).toMatchObject({ kind: "exec", tty: false });
    expect(end.outcome).toMatchObject({ ending: "completed", exitCode: 3 });
    expectRowsOf(session.recordingId);
    const said = (code: "o" | "e") => lab.gateway.recordings.text(session.recordingId, code);
    expect([said("o"), said("e")]).toEqual(["out\nmore\n", "err\n"]);
  }, 120_000);

  test("cp both ways is named file by file, and is to the byte what it was", async () => {
    const content = randomBytes(300_000);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const [here, back] = ["sent.bin", "back.bin"].map((name) => path.join(lab.environment.HOME, name));
    await writeFile(here!, content);
    const copy = async (from: string, to: string) =>
      expect(
        await lab.shell(binary, `cd "$HOME" && "$KUBECTL" --context=gateway cp ${from} ${to}`),
      ).toMatchObject({
        code: 0,
      });
    await copy("sent.bin", `${pod}:/tmp/sent-${id}.bin`);
    await copy(`${pod}:/tmp/sent-${id}.bin`, "back.bin");
    expect((await readFile(back!)).equals(content)).toBe(true);
    const copies = (await recordings()).filter(({ events }) => events.some(({ code }) => code === "f"));
    expect(copies.map(({ session }) => session.kind)).toEqual(["cp", "cp"]);
    const files = copies.flatMap(({ events }) => events.filter(({ code }) => code === "f"));
    expect(files.map(({ data }) => JSON.parse(data))).toMatchObject([
      { name: `sent-${id}.bin`, size: content.length, sha256, direction: "to" },
      { name: `tmp/sent-${id}.bin`, size: content.length, sha256, direction: "from" },
    ]);
    for (const { session, events } of copies) {
      expect(events.filter(({ code }) => code === "b" || code === "i")).toEqual([]);
      expectRowsOf(session.recordingId);
    }
  }, 120_000);
});

const nothing = async () => undefined;

/** A shell that waits at a terminal for whoever attaches to it: made by the newest kubectl, past the gateway. */
async function startPod(name: string): Promise<void> {
  await prepare(`run ${name} --restart=Never ${SHELL}`);
  await prepare(`wait --for=condition=Ready pod/${name} --timeout=30s`);
}

/** The pod is ready all the while: what is waited for is the container. */
async function startDebugger(container: string): Promise<void> {
  await prepare(`debug ${pod} --container=${container} ${SHELL}`);
  const running = `{.status.ephemeralContainerStatuses[?(@.name=="${container}")].state.running.startedAt}`;
  await expect.poll(() => prepare(`get pod ${pod} -o jsonpath='${running}'`), PATIENCE).not.toBe("");
}

/** With the newest kubectl, past the gateway; what it said. */
async function prepare(command: string): Promise<string> {
  const done = await lab.shell(binaries.at(-1)!.path, `"$KUBECTL" --context=direct ${command}`);
  expect(done).toMatchObject({ code: 0 });
  return done.out;
}
