import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../../../../test/database.ts";

// A volume of 1 MiB that is really full, in a mount namespace of its own.
const canMount = spawnSync("unshare", ["-rm", "true"]).status === 0;
const PROGRAM = path.resolve(import.meta.dirname, "../../../../test/recordings/archive-on-full-volume.ts");

test.runIf(canMount)(
  "a full volume takes nothing away and keeps no half of a file; with room it is moved",
  async () => {
    const db = await createTestDatabase({ connect: false });
    const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-archive-volume-"));
    const script = 'mount -t tmpfs -o size=1m tmpfs "$0" && "$1" "$2" "$3" "$0"';
    const child = spawn("unshare", ["-rm", "sh", "-c", script, folder, process.execPath, PROGRAM, db.url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (data: Buffer) => {
      output += data;
    });
    await once(child, "close");
    rmSync(folder, { recursive: true });
    await db.close();
    const told = output.split("\n").find((line) => line.startsWith('{"full"'));
    const whole = { chunks: 24, problem: null };
    expect(JSON.parse(told!)).toEqual({
      full: { ...whole, inDatabase: 24, files: 0, failing: 1, error: expect.stringContaining("ENOSPC") },
      roomy: { ...whole, inDatabase: 0, files: 1, failing: 0, error: null },
    });
  },
  60_000,
);
