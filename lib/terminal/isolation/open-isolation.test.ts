import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Isolation } from "./isolation.ts";
import { type IsolationSetting, openIsolation } from "./open-isolation.ts";
import { findSystemProgram } from "./system-programs.ts";

const MODULE = path.join(import.meta.dirname, "open-isolation.ts");
const isRoot = process.getuid?.() === 0;

let folder: string;
let opened: Isolation[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "kubewitness-isolation-"));
  await chmod(folder, 0o755);
  opened = [];
});
afterEach(async () => {
  for (const isolation of opened) await isolation.close();
  await rm(folder, { recursive: true });
});

async function open(setting: IsolationSetting): Promise<Isolation> {
  const isolation = await openIsolation({
    ...{ setting, dataFolder: folder, firstUserId: 61_000, directoryBytes: 2 ** 20 },
  });
  opened.push(isolation);
  return isolation;
}

test("takes the best that works, and nothing without being told", async () => {
  const isolation = await open("auto");
  const hasBubblewrap = (await open("bubblewrap")).kind === "bubblewrap";
  expect(isolation.kind).toBe(hasBubblewrap ? "bubblewrap" : isRoot ? "uid" : "refused");
});

test("keeps nothing of an earlier run, and gives each session a directory of its own", async () => {
  const first = await open("none");
  const left = await first.makeDirectory();
  await mkdir(path.join(left, "files"));
  const second = await open("none");
  expect(existsSync(left)).toBe(false);
  const [one, other] = [await second.makeDirectory(), await second.makeDirectory()];
  expect(one).not.toBe(other);
  expect((await stat(one)).mode & 0o777).toBe(0o700);
});

test.for(["bubblewrap", "uid", "none"] as const)(
  "leaves no directory and no user id of a session that could not be opened, with %s",
  async (setting, { skip }) => {
    const isolation = await open(setting);
    if (isolation.kind === "refused") return skip(isolation.words);
    const openOne = async (isBroken: boolean) => {
      const directory = await isolation.makeDirectory();
      // What is to be made is there already.
      if (isBroken) await mkdir(path.join(directory, "home"));
      const opening = isolation.openSandbox({ directory, apiSocket: "/none", cluster: "prod" });
      return { directory, opening };
    };
    const { directory, opening } = await openOne(true);
    await expect(opening).rejects.toThrow("EEXIST");
    expect(existsSync(directory)).toBe(false);
    const whole = await openOne(false);
    const sandbox = await whole.opening;
    if (sandbox.owner !== null) expect(sandbox.owner).toBe(61_000);
    await sandbox.close();
    expect(existsSync(whole.directory)).toBe(false);
  },
);

// In a folder that all may write to, anybody can make one of the name first.
test("runs nothing where its folder could be another's, and says so", async () => {
  const first = await open("none");
  const root = path.resolve(await first.makeDirectory(), "../..");
  await chmod(root, 0o777);
  const refused = await open("auto");
  expect(refused.kind).toBe("refused");
  expect(refused.words).toContain(`needs the folder ${root}, which is not this user's alone`);
  await expect(refused.makeDirectory()).rejects.toMatchObject({
    code: "unavailable",
    message: refused.words,
  });
  await chmod(root, 0o700);
});

test.skipIf(!isRoot || !findSystemProgram("setpriv"))(
  "runs nothing as another user without being one who may make users",
  async () => {
    const script = `const { openIsolation } = await import(${JSON.stringify(MODULE)});
    const found = await openIsolation({ setting: "uid", dataFolder: "/nonexistent", firstUserId: 61000, directoryBytes: 1048576 });
    const refused = await found.makeDirectory().catch((error) => error.message);
    process.stderr.write(JSON.stringify({ kind: found.kind, refused }));`;
    const args = [
      "--reuid=65534",
      "--regid=65534",
      "--clear-groups",
      process.execPath,
      "--input-type=module",
      "-e",
      script,
      "2>&1",
    ];
    const said = execFileSync(
      "/bin/sh",
      ["-c", '"$0" "$@" 2>&1 >/dev/null', findSystemProgram("setpriv")!, ...args.slice(0, -1)],
      {
        env: { TMPDIR: "/tmp" } as unknown as NodeJS.ProcessEnv,
      },
    ).toString();
    expect(JSON.parse(said)).toEqual({
      kind: "refused",
      refused: expect.stringContaining(
        "this process is not root, so programs cannot have a user of their own",
      ),
    });
  },
);
