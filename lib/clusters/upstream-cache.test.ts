import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { cachedUpstream, closeUpstreams } from "./upstream-cache.ts";

class Way {
  closed = false;

  async close(): Promise<void> {
    this.closed = true;
  }
}

const direct = { name: "direct" };
const tunnel = { name: "tunnel" };

test("a cluster's upstream is made once for each transport, so that none gets a connection of another's", () => {
  const cluster = { id: randomUUID(), revision: "1" };
  const one = cachedUpstream(cluster, direct, () => new Way());
  const other = cachedUpstream(cluster, tunnel, () => new Way());
  expect(other).not.toBe(one);
  expect(cachedUpstream(cluster, direct, () => new Way())).toBe(one);
  expect(cachedUpstream(cluster, tunnel, () => new Way())).toBe(other);
});

test("a change of the cluster closes those of before, by every transport, once the new one can be made", () => {
  const id = randomUUID();
  const before = [direct, tunnel].map((by) => cachedUpstream({ id, revision: "1" }, by, () => new Way()));
  const fail = () => {
    throw new Error("the credential cannot be opened");
  };
  expect(() => cachedUpstream({ id, revision: "2" }, direct, fail)).toThrow("cannot be opened");
  expect(before.map(({ closed }) => closed)).toEqual([false, false]);
  const after = cachedUpstream({ id, revision: "2" }, direct, () => new Way());
  expect(before.map(({ closed }) => closed)).toEqual([true, true]);
  expect(after.closed).toBe(false);
});

test("a removed cluster's are closed", () => {
  const cluster = { id: randomUUID(), revision: "1" };
  const kept = cachedUpstream({ id: randomUUID(), revision: "1" }, direct, () => new Way());
  const gone = [direct, tunnel].map((by) => cachedUpstream(cluster, by, () => new Way()));
  closeUpstreams((id) => id === cluster.id);
  expect(gone.map(({ closed }) => closed)).toEqual([true, true]);
  expect(kept.closed).toBe(false);
});
