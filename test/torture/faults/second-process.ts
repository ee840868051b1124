import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { Installation } from "../installation.ts";
import { until } from "../processes.ts";
import { expectThat, type Fault, moreAnswers, type Rig } from "./fault.ts";

const PROGRAM = path.join(import.meta.dirname, "../second-writer.ts");

/**
 * A second installation on the same data folder is refused; where locks do not reach, it takes the journal of a gateway process that lives: that one notices,
 * and takes calls again when it is started again.
 */
export const secondProcess: Fault = {
  name: "second-process",
  async once(rig, round) {
    const { installation } = rig;
    await moreAnswers(rig, 30);
    await expectRefused(rig);
    const workers = await installation.workers();
    const pid = workers[round % workers.length]!;
    await loseLock(installation, pid);
    await takeOver(installation);
    await until("the process says that its journal was taken", async () =>
      /another process has taken/.test((await installation.ready())?.text ?? ""),
    );
    process.kill(pid, "SIGTERM");
    await until("the process is gone", async () => !(await installation.workers()).includes(pid));
    await installation.serving();
  },
};

async function expectRefused(rig: Rig): Promise<void> {
  const second = rig.installation.startProgram();
  let said = "";
  for (const stream of [second.stdout, second.stderr])
    stream?.on("data", (chunk: Buffer) => {
      said += chunk;
    });
  const [code] = await once(second, "close");
  expectThat(rig, `a second installation ended with ${code}`, code === 1);
  expectThat(
    rig,
    `a second installation was not told why, but: ${said.slice(-500)}`,
    /which a running instance uses/.test(said),
  );
}

/** As on a file system whose locks reach no other host. */
async function loseLock({ journals }: Installation, pid: number): Promise<void> {
  for (const name of await readdir(journals)) {
    const lock = path.join(journals, name, "lock");
    const owner = await readFile(lock, "utf8").catch(() => "{}");
    if (JSON.parse(owner).pid !== pid) continue;
    await Promise.all([lock, `${lock}.held`].map((file) => rm(file, { force: true })));
    return;
  }
  throw new Error(`no journal is process ${pid}'s`);
}

async function takeOver({ volume, postgres, data }: Installation): Promise<void> {
  const words = [...(volume?.prefix ?? []), process.execPath, "--disable-warning=ExperimentalWarning"];
  const [program = "", ...rest] = [...words, PROGRAM, postgres.url, data];
  const child = spawn(program, rest, { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the second writer ended with ${code}`);
}
