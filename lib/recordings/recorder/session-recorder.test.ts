import { createHash, randomBytes } from "node:crypto";
import { packTar } from "modern-tar";
import { describe, expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { encodeEvents } from "../cast/encode-events.ts";
import type { RecordedSession } from "../recorded-session.ts";
import type { RecordingOutcome } from "../recording-outcome.ts";
import { chainHash, firstHash } from "../store/chain-hash.ts";
import { testSession } from "../store/testing/recorded.ts";
import { compressChunk } from "./compress-chunk.ts";
import { openRecording } from "./open-recording.ts";
import type { SessionRecording } from "./session-recording.ts";
import { MemoryStore } from "./testing/memory-store.ts";

const COMPLETED: RecordingOutcome = {
  ending: "completed",
  result: "success",
  message: null,
  exitCode: 0,
  bytesIn: 1,
  bytesOut: 2,
};

const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");

/** Opens a recording, does something in it, closes it. */
async function record(
  over: Partial<RecordedSession>,
  act: (recording: SessionRecording) => void | Promise<void>,
  { tarStream }: { tarStream?: "stdin" | "stdout" } = {},
) {
  const store = new MemoryStore();
  const recording = await openRecording({ session: testSession(over), policy: "required", store, tarStream });
  await act(recording);
  await recording.close(COMPLETED);
  const { recordingId } = recording;
  const end = store.ends[0]!;
  expect(store.isWhole(end)).toBe(true);
  return { store, end, events: store.events(recordingId), text: store.text.bind(store, recordingId) };
}

describe("of a terminal", () => {
  test("output, sizes and the exit code are on record, in order, and what is typed is not", async () => {
    const { store, events, end, text } = await record({ commandLine: "bash -l" }, (recording) => {
      recording.output("stdout", Buffer.from("$ "));
      recording.resize({ columns: 120, rows: 40 });
      recording.input(Buffer.from("hunter2\r"));
      recording.output("stdout", Buffer.from("ls\r\n"));
      recording.marker("ls");
    });
    expect(text("i")).toBe("");
    expect(text("o")).toBe("$ ls\r\n");
    expect(events.map(({ code }) => code)).toEqual(["o", "r", "o", "m", "x"]);
    expect(events.at(-1)).toMatchObject({ code: "x", data: "0" });
    expect(end).toMatchObject({ columns: 120, rows: 40, outputBytes: 6, outcome: COMPLETED });
    const header = JSON.parse(store.cast(end.recordingId).split("\n")[0]!);
    expect(header).toMatchObject({ version: 3, term: { cols: 120, rows: 40 }, command: "bash -l" });
  });

  test("what is typed is on record where the role says so", async () => {
    const { text } = await record({ inputRecorded: true }, (recording) =>
      recording.input(Buffer.from("ls\r")),
    );
    expect(text("i")).toBe("ls\r");
  });

  test("text comes back as it was, however its bytes are cut", async () => {
    const lines = "ünïcode ✓ 漢字 👩‍👩‍👧 \u001b[1;31mred\u001b[0m\r\n".repeat(40);
    const bytes = Buffer.from(lines);
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sizes, async (cuts) => {
        const { text } = await record({}, (recording) => {
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = cuts[turn % cuts.length]!;
            recording.output("stdout", bytes.subarray(at, at + size));
            at += size;
          }
        });
        expect(text("o")).toBe(lines);
      }),
      { numRuns: 20 },
    );
  });

  test("a character whose end never came is not lost silently", async () => {
    const { text } = await record({}, (recording) =>
      recording.output("stdout", Buffer.from([0x41, 0xe2, 0x82])),
    );
    expect(text("o")).toBe("A\ufffd");
  });

  test("a size that no terminal has is bounded, and one of nothing passed over", async () => {
    const { events } = await record({}, (recording) => {
      recording.resize({ columns: 0, rows: 0 });
      recording.resize({ columns: 65_535, rows: 65_535 });
    });
    expect(events.filter(({ code }) => code === "r").map(({ data }) => data)).toEqual(["1000x1000"]);
  });

  test("output before the first size is in the first chunk, with a size that most have", async () => {
    const { store, end } = await record({}, (recording) => recording.output("stdout", Buffer.from("hi")));
    expect(store.cast(end.recordingId)).toContain('"term":{"cols":80,"rows":24}');
    expect(end).toMatchObject({ columns: null, rows: null });
  });
});

describe("without a terminal", () => {
  const PLAIN = { tty: false, commandLine: "cat" };

  test("stdout and stderr are told apart", async () => {
    const { text } = await record(PLAIN, (recording) => {
      recording.output("stdout", Buffer.from("out\n"));
      recording.output("stderr", Buffer.from("err\n"));
    });
    expect([text("o"), text("e")]).toEqual(["out\n", "err\n"]);
  });

  test("an image is no text: its size and hash are kept", async () => {
    const image = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\r", "latin1"), randomBytes(200_000)]);
    const { text, end } = await record(PLAIN, (recording) => recording.output("stdout", image));
    expect(text("o")).toBe("");
    expect(JSON.parse(text("b"))).toEqual({ stream: "stdout", bytes: image.length, sha256: sha256(image) });
    expect(end.outputBytes).toBe(image.length);
  });

  test("nothing readable hides behind bytes that are not", async () => {
    const { text } = await record(PLAIN, (recording) => {
      recording.output("stdout", Buffer.alloc(64));
      recording.output("stdout", Buffer.from("root:$6$hash\n"));
    });
    expect(text("o")).toBe("root:$6$hash\n");
    expect(JSON.parse(text("b"))).toMatchObject({ bytes: 77 });
  });

  test("a stray byte, or a character of Latin-1, is still text", async () => {
    const { text } = await record(PLAIN, (recording) =>
      recording.output("stdout", Buffer.from("a caf\xe9 of thirty characters\n", "latin1")),
    );
    expect(text("o")).toBe("a caf\ufffd of thirty characters\n");
    expect(text("b")).toBe("");
  });

  test.each([
    ["out of the pod", "from", "stdout"],
    ["into the pod", "to", "stdin"],
  ] as const)(
    "the files of a tar stream %s are named, measured and hashed",
    async (_way, direction, stream) => {
      const body = randomBytes(100_000);
      const tar = Buffer.from(
        await packTar([
          { header: { name: "app/a.bin", size: body.length }, body },
          { header: { name: "app/b.txt", size: 2 }, body: "hi" },
        ]),
      );
      const act = (recording: SessionRecording) => {
        for (let at = 0; at < tar.length; at += 777) {
          const piece = tar.subarray(at, at + 777);
          if (stream === "stdin") recording.input(piece);
          else recording.output("stdout", piece);
        }
      };
      const { events, text } = await record({ ...PLAIN, kind: "cp" }, act, { tarStream: stream });
      expect(events.filter(({ code }) => code === "f").map(({ data }) => JSON.parse(data))).toEqual([
        { name: "app/a.bin", size: body.length, sha256: sha256(body), direction },
        { name: "app/b.txt", size: 2, sha256: sha256(Buffer.from("hi")), direction },
      ]);
      expect([text("o"), text("i"), text("b")]).toEqual(["", "", ""]);
    },
  );

  test("a tar stream is known by its first block, whatever was said to run", async () => {
    const tar = Buffer.from(await packTar([{ header: { name: "a.txt", size: 2 }, body: "hi" }]));
    const { text } = await record(PLAIN, (recording) => recording.output("stdout", tar));
    expect(JSON.parse(text("f"))).toMatchObject({ name: "a.txt", direction: "from" });
  });

  test("of a tar stream that breaks off, what came whole is named, and all of it hashed", async () => {
    const tar = Buffer.from(
      await packTar([
        { header: { name: "whole.txt", size: 2 }, body: "hi" },
        { header: { name: "half.bin", size: 9000 }, body: Buffer.alloc(9000, 1) },
      ]),
    ).subarray(0, 4096);
    const { text } = await record(PLAIN, (recording) => recording.output("stdout", tar), {
      tarStream: "stdout",
    });
    expect(JSON.parse(text("f"))).toMatchObject({ name: "whole.txt" });
    expect(JSON.parse(text("b"))).toEqual({ stream: "stdout", bytes: 4096, sha256: sha256(tar) });
  });

  test("what tar says instead of a stream is text", async () => {
    const { text } = await record(
      PLAIN,
      (recording) => recording.output("stdout", Buffer.from("tar: no such file\n")),
      {
        tarStream: "stdout",
      },
    );
    expect(text("o")).toBe("tar: no such file\n");
  });

  test("text that is piped in is forgotten where the role does not record input", async () => {
    const pipe = (recording: SessionRecording) => recording.input(Buffer.from("hunter2\n"));
    const without = await record(PLAIN, pipe);
    expect(without.store.cast(without.end.recordingId)).not.toContain("hunter2");
    expect((await record({ ...PLAIN, inputRecorded: true }, pipe)).text("i")).toBe("hunter2\n");
  });
});

describe("a chunk", () => {
  test("is on its way by itself once its first event waited long enough", async () => {
    const store = new MemoryStore();
    const recording = await openRecording({ session: testSession(), policy: "required", store });
    recording.output("stdout", Buffer.from("hi"));
    await expect.poll(() => store.chunks.length).toBe(1);
    await recording.close(COMPLETED);
  });

  test("has a hash that does not tell, by trying, what is in it", async () => {
    const { store, end, events } = await record({}, (recording) => {
      recording.output("stdout", Buffer.from("ls"));
    });
    const [chunk, ...others] = store.chunks;
    expect(others).toEqual([]);
    const [header] = store.cast(end.recordingId).split("\n");
    const data = await compressChunk(Buffer.from(`${header}\n${encodeEvents(events, 0)}`));
    expect(chainHash(firstHash(end.recordingId), { ...chunk!, data })).not.toEqual(chunk!.hash);
  });

  test("of much output does not wait, and none is larger than its bound", async () => {
    const { store, end, text } = await record({}, async (recording) => {
      for (let turn = 0; turn < 100; turn++) {
        recording.output("stdout", Buffer.alloc(10_000, 65 + (turn % 26)));
        await recording.room();
      }
    });
    expect(text("o").length).toBe(1_000_000);
    expect(end.chunks).toBeGreaterThan(10);
    for (const chunk of store.chunks) expect(chunk.outputBytes).toBeLessThanOrEqual(64 * 1024 + 32 * 1024);
    expect(store.chunks.reduce((sum, { outputBytes }) => sum + outputBytes, 0)).toBe(1_000_000);
  });
});
