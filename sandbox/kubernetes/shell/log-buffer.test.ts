import { describe, expect, it } from "vitest";
import { LogBuffer } from "./log-buffer.ts";

async function texts(log: LogBuffer, options = {}): Promise<string[]> {
  const result: string[] = [];
  for await (const { text } of log.read(options)) result.push(text);
  return result;
}

describe("LogBuffer", () => {
  it("cuts text into lines and keeps an unfinished one until it ends", async () => {
    const log = new LogBuffer();
    log.append("one\ntw");
    expect(await texts(log)).toEqual(["one\n"]);
    log.append("o\n");
    log.append("rest");
    log.close();
    expect(await texts(log)).toEqual(["one\n", "two\n", "rest"]);
  });

  it("reads the last lines, and those since a time", async () => {
    const log = new LogBuffer();
    for (let minute = 0; minute < 5; minute++)
      log.append(`line ${minute}\n`, new Date(Date.UTC(2026, 0, 1, 0, minute)));
    expect(await texts(log, { tailLines: 2 })).toEqual(["line 3\n", "line 4\n"]);
    expect(await texts(log, { tailLines: 0 })).toEqual([]);
    expect(await texts(log, { sinceTime: new Date(Date.UTC(2026, 0, 1, 0, 3)) })).toEqual([
      "line 3\n",
      "line 4\n",
    ]);
  });

  it("follows until the container ends, or the reader leaves", async () => {
    const log = new LogBuffer();
    log.append("before\n");
    const following = texts(log, { follow: true });
    log.append("after\n");
    const controller = new AbortController();
    const leaving = texts(log, { follow: true, signal: controller.signal });
    controller.abort();
    expect((await leaving).length).toBeLessThanOrEqual(2);
    log.close();
    expect(await following).toEqual(["before\n", "after\n"]);
  });

  it("drops the oldest lines, also under a follower that is slow", async () => {
    const log = new LogBuffer();
    log.append("first\n");
    const reader = log.read({ follow: true });
    expect((await reader.next()).value?.text).toBe("first\n");
    for (let index = 0; index < 30_000; index++) log.append(`${index}\n`);
    log.close();
    let count = 0;
    for await (const _line of reader) count++;
    expect(count).toBeGreaterThan(18_000);
    expect(count).toBeLessThanOrEqual(20_000);
  });
});
