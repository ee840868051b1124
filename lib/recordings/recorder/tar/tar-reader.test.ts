import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import fc from "../../../../test/properties.ts";
import { type TarFile, TarReader } from "./tar-reader.ts";

const FILES: Record<string, Buffer> = {
  "empty.txt": Buffer.alloc(0),
  "block.bin": randomBytes(512),
  "large.bin": randomBytes(300_001),
  "ünïcode ✓.txt": Buffer.from("hello\n"),
  [`${"long/".repeat(30)}a-name-${"x".repeat(90)}.txt`]: Buffer.from("deep"),
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-tar-"));
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  symlinkSync("block.bin", path.join(folder, "link"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What real tar makes of the folder. */
function tarOf(format: string): Buffer {
  const args = ["-c", "-f", "-", `--format=${format}`, "-C", folder, "."];
  return execFileSync("tar", args, { maxBuffer: 2 ** 26 });
}

function read(pieces: readonly Buffer[]): { files: TarFile[]; state: TarReader["state"] } {
  const files: TarFile[] = [];
  const reader = new TarReader((file) => files.push(file));
  for (const piece of pieces) reader.push(piece);
  return { files, state: reader.state };
}

const expected = () =>
  Object.entries(FILES)
    .map(([name, content]) => ({
      name: `./${name}`,
      size: content.length,
      sha256: createHash("sha256").update(content).digest("hex"),
    }))
    .sort(byName);

const byName = (a: TarFile, b: TarFile) => (a.name < b.name ? -1 : 1);

describe.each(["gnu", "pax"])("a stream of real tar in the form %s", (format) => {
  test("tells each file by name, size and hash, cut anywhere", () => {
    const bytes = tarOf(format);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1 }), (sizes) => {
        const pieces: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          pieces.push(bytes.subarray(at, at + size));
          at += size;
        }
        const { files, state } = read(pieces);
        expect(state).toBe("ended");
        expect(files.sort(byName)).toEqual(expected());
      }),
      { numRuns: 20 },
    );
  });

  test("cut short has not ended, and goes on for as long as bytes come", () => {
    const bytes = tarOf(format);
    expect(read([bytes.subarray(0, 100_000)]).state).toBe("reading");
  });

  test("with something hidden after its end is broken", () => {
    expect(read([tarOf(format), Buffer.from("secret")]).state).toBe("broken");
  });
});

test("whatever comes ends in a state, and no name outgrows its bound", () => {
  const whole = tarOf("pax");
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 20 }),
      fc.nat(whole.length),
      (changes, from) => {
        const bytes = Buffer.from(whole.subarray(from));
        for (const [at, byte] of changes) bytes[at % Math.max(1, bytes.length)] = byte;
        for (const { name } of read([bytes]).files) expect(name.length).toBeLessThanOrEqual(1024);
      },
    ),
    { numRuns: 200 },
  );
});

test("a header that claims attributes without end is not collected", () => {
  const block = Buffer.from(tarOf("pax").subarray(0, 512));
  block.write("x", 156);
  block.write("77777777777\0", 124);
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  expect(read([block]).state).toBe("broken");
});
