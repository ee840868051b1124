import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MODULE = path.join(import.meta.dirname, "return-memory.ts");

/** Makes garbage that has grown old, then rests until it is gone or the deadline has passed; says which. */
const PROGRAM = `
  const { returnMemory } = await import(${JSON.stringify(MODULE)});
  const ends = Date.now() + 60_000;
  let kept = Array.from({ length: 200_000 }, (_, index) => ({ index, buffer: index % 1_000 === 0 ? Buffer.alloc(65_536) : null }));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const watched = new WeakRef(kept);
  kept = null;
  const stop = returnMemory({ everyMs: 100 });
  while (watched.deref() !== undefined && Date.now() < ends) await new Promise((resolve) => setTimeout(resolve, 100));
  stop();
  console.log(watched.deref() === undefined ? "given back" : "kept");
`;

async function run(...options: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...options,
    "--input-type=module",
    "-e",
    PROGRAM,
  ]);
  return stdout.trim();
}

test("a process that has come to rest gives back what it used before", async () => {
  expect(await run("--expose-gc")).toBe("given back");
}, 90_000);
