// Loaded into every program of the installation before its own modules (`--import`, also into its threads): moves the clock that JavaScript sees,
// and blocks event loops, as the file of controls.ts says. PostgreSQL's clock and the kernel's stay.
import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { CONTROLS_FILE, type Controls } from "./controls.ts";

const LOOK_EVERY_MS = 50;
const file = process.env[CONTROLS_FILE];
const isGateway = isMainThread && process.argv[1]?.endsWith("worker.ts") === true;
const RealDate = Date;
let clockMs = 0;
let blocked: number | null = null;

function look(): void {
  let controls: Controls;
  try {
    controls = JSON.parse(readFileSync(file!, "utf8"));
  } catch {
    return;
  }
  clockMs = controls.clockMs;
  const { id, ms } = controls.block;
  // What was asked before this process began is not for it.
  const isNew = blocked !== null && id !== blocked;
  blocked = id;
  if (isNew && isGateway) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

class MovedDate extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(RealDate.now() + clockMs);
    else super(...(given as [number]));
  }

  static override now(): number {
    return RealDate.now() + clockMs;
  }
}

if (file !== undefined) {
  globalThis.Date = MovedDate as DateConstructor;
  look();
  setInterval(look, LOOK_EVERY_MS).unref();
}
