import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { FAULTS } from "../test/torture/faults/all-faults.ts";
import type { Fault } from "../test/torture/faults/fault.ts";
import { Installation } from "../test/torture/installation.ts";
import { canMount } from "../test/torture/small-volume.ts";
import {
  explainResult,
  formatResult,
  isHeld,
  TABLE_HEAD,
  type TortureOptions,
  torture,
} from "../test/torture/torture.ts";
import { ensurePrismaClient } from "./prisma-client.ts";
import { onStopRequest, runScript, StepError } from "./steps.ts";

// npm run torture [-- --times 20] [--only kill-gateway,disk-full] [--away 5] [--durability relaxed]: does to a running installation what machines do to it, under load, and
// compares what a client and the cluster wrote down with the record.
const USAGE =
  "takes --times <count>, --only <name,name…>, --away <seconds that PostgreSQL is away>, --durability <of audit.durability>";
const SIZE = { connections: 8, watches: 4, sessions: 2 };
const VOLUME_BYTES = 32 * 2 ** 20;

let cleanUp: () => Promise<void> = async () => undefined;

// PostgreSQL would go on without this one.
onStopRequest(() => void cleanUp().finally(() => process.exit(130)));

await runScript(async () => {
  const { faults, options, durability } = readOptions();
  await ensurePrismaClient();
  process.stdout.write(`${TABLE_HEAD}\n`);
  let held = true;
  for (const fault of faults) {
    if (fault.onSmallVolume && !canMount()) {
      process.stdout.write(
        `| ${fault.name} | | | | | | | | | | | | skipped: this host lets nobody mount (unshare -rm) |\n`,
      );
      continue;
    }
    held = (await run(fault, options, durability)) && held;
  }
  return held ? 0 : 1;
});

async function run(fault: Fault, options: TortureOptions, durability?: string): Promise<boolean> {
  const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-torture-"));
  const volumeBytes = fault.onSmallVolume ? VOLUME_BYTES : null;
  const installation = await Installation.start({ folder, volumeBytes, durability });
  cleanUp = async () => {
    await installation.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const result = await torture(installation, [fault], options);
    process.stdout.write(`${formatResult(result)}\n`);
    process.stderr.write(
      explainResult(result)
        .map((line) => `${line}\n`)
        .join(""),
    );
    return isHeld(result);
  } finally {
    await cleanUp();
    cleanUp = async () => undefined;
  }
}

function readOptions(): { faults: readonly Fault[]; options: TortureOptions; durability?: string } {
  const { values } = parseArgs({
    options: {
      times: { type: "string" },
      only: { type: "string" },
      away: { type: "string" },
      durability: { type: "string" },
    },
  });
  const number = (name: "times" | "away", fallback: number): number => {
    const value = Number(values[name] ?? fallback);
    if (!Number.isFinite(value) || value <= 0)
      throw new StepError(`--${name} got "${values[name]}": ${USAGE}`);
    return value;
  };
  const names = values.only?.split(",") ?? FAULTS.map(({ name }) => name);
  const unknown = names.filter((name) => !FAULTS.some((fault) => fault.name === name));
  if (unknown.length > 0)
    throw new StepError(`no fault ${unknown.join(", ")}: takes ${FAULTS.map(({ name }) => name).join(", ")}`);
  const faults = FAULTS.filter(({ name }) => names.includes(name));
  const lasting = { postgresAway: 1_000 * number("away", 5), postgresStalled: 3_000, loopBlocked: 5_000 };
  return {
    faults,
    options: { times: number("times", 20), size: SIZE, lasting },
    durability: values.durability,
  };
}
