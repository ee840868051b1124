import { beforeEach, describe, expect, test, vi } from "vitest";
import type { AuthenticatedToken } from "./actor/authenticated-token.ts";
import { CONFIRMED_FOR_MS, OUTAGE_GRACE_MS, TokenCache } from "./token-cache.ts";

const HASH = Buffer.of(1, 2, 3).toString("base64");
const OTHER = Buffer.of(4, 5, 6).toString("base64");

function ownerOf(userId: string, tokenId: string): AuthenticatedToken {
  const person = { name: "", email: "", consoleRole: "user" as const, groups: [], groupIds: [] };
  return { actor: { kind: "user", id: userId, ...person }, tokenId, expiresAt: new Date(8e15) };
}

// The database's place: answers as told, at the time told, and counts the questions.
let now: number;
let questions: number;
let answer: () => Promise<AuthenticatedToken | null>;
let cache: TokenCache;
const ALICE = ownerOf("u-alice", "t-1");

beforeEach(() => {
  now = 1_000_000;
  questions = 0;
  answer = async () => ALICE;
  cache = new TokenCache({
    find: () => {
      questions += 1;
      return answer();
    },
    now: () => now,
  });
});

const away = async () => {
  throw new Error("connection refused");
};

describe("a token that counts", () => {
  test("is asked for once, also by many at the same time", async () => {
    const answers = await Promise.all([cache.get(HASH), cache.get(HASH), cache.get(HASH)]);
    expect(answers).toEqual([ALICE, ALICE, ALICE]);
    now += CONFIRMED_FOR_MS / 2 - 1;
    expect(await cache.get(HASH)).toBe(ALICE);
    expect(questions).toBe(1);
  });

  test("is confirmed in the background before its time is over", async () => {
    await cache.get(HASH);
    now += CONFIRMED_FOR_MS - 1;
    let finish = (_owner: AuthenticatedToken | null): void => {};
    answer = () => new Promise((resolve) => (finish = resolve));
    expect(await cache.get(HASH)).toBe(ALICE);
    expect(questions).toBe(2);
    finish(null);
    await expect.poll(() => cache.get(HASH)).toBeNull();
  });

  test("is asked for again though the machine's clock was set back", async () => {
    vi.useFakeTimers();
    try {
      const find = vi.fn(async () => ALICE);
      const timed = new TokenCache({ find });
      await timed.get(HASH);
      vi.setSystemTime(Date.now() - 86_400_000);
      vi.advanceTimersByTime(CONFIRMED_FOR_MS);
      await timed.get(HASH);
      expect(find).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
    }
  });

  test("waits for the database when its time is over", async () => {
    await cache.get(HASH);
    now += CONFIRMED_FOR_MS;
    answer = async () => null;
    expect(await cache.get(HASH)).toBeNull();
  });
});

describe("a token that does not count", () => {
  test("is not asked for again at once, and counts soon after it does", async () => {
    answer = async () => null;
    expect(await cache.get(HASH)).toBeNull();
    expect(await cache.get(HASH)).toBeNull();
    expect(questions).toBe(1);
    answer = async () => ALICE;
    now += 2_000;
    expect(await cache.get(HASH)).toBe(ALICE);
  });
});

describe("a revocation", () => {
  test.each([
    { kind: "token", id: "t-1" },
    { kind: "user", id: "u-alice" },
  ] as const)("of $kind $id counts at the next call", async (subject) => {
    await cache.get(HASH);
    answer = async () => null;
    cache.forget(subject);
    expect(await cache.get(HASH)).toBeNull();
  });

  test("of somebody else changes nothing", async () => {
    await cache.get(HASH);
    cache.forget({ kind: "user", id: "u-bob" });
    cache.forget({ kind: "token", id: "u-alice" });
    cache.forget({ kind: "application", id: "u-alice" });
    expect(await cache.get(HASH)).toBe(ALICE);
    expect(questions).toBe(1);
  });

  test("that overtakes a question is not undone by its answer", async () => {
    let finish = (_owner: AuthenticatedToken | null): void => {};
    answer = () => new Promise((resolve) => (finish = resolve));
    const asked = cache.get(HASH);
    cache.forget({ kind: "user", id: "u-alice" });
    finish(ALICE);
    await asked;
    answer = async () => null;
    expect(await cache.get(HASH)).toBeNull();
  });
});

describe("while the database is away", () => {
  test("a token that is not known is refused as unavailable", async () => {
    answer = away;
    await expect(cache.get(OTHER)).rejects.toMatchObject({ code: "unavailable" });
  });

  test("a token that was good goes on, and no longer than the grace", async () => {
    await cache.get(HASH);
    answer = away;
    now += CONFIRMED_FOR_MS;
    expect(await cache.get(HASH)).toBe(ALICE);
    now += OUTAGE_GRACE_MS - CONFIRMED_FOR_MS - 1;
    expect(await cache.get(HASH)).toBe(ALICE);
    now += 1;
    await expect(cache.get(HASH)).rejects.toMatchObject({ code: "unavailable" });
    await expect(cache.get(HASH)).rejects.toMatchObject({ code: "unavailable" });
  });

  test("a token that was good goes on though all were in doubt meanwhile, and for no longer", async () => {
    await cache.get(HASH);
    now += 1_000;
    answer = away;
    cache.doubtAll();
    expect(cache.knows(HASH)).toBe(true);
    expect(cache.find(HASH)).toBeNull();
    expect(await cache.get(HASH)).toBe(ALICE);
    expect(cache.find(HASH)).toBe(ALICE);
    now += OUTAGE_GRACE_MS - 1_000;
    await expect(cache.get(HASH)).rejects.toMatchObject({ code: "unavailable" });
  });

  test("a token that was good does not wait for each try", async () => {
    await cache.get(HASH);
    answer = away;
    now += CONFIRMED_FOR_MS;
    await cache.get(HASH);
    expect(questions).toBe(2);
    answer = () => new Promise(() => {});
    expect(await cache.get(HASH)).toBe(ALICE);
    expect(questions).toBe(2);
    now += 2_000;
    expect(await cache.get(HASH)).toBe(ALICE);
    expect(await cache.get(HASH)).toBe(ALICE);
    expect(questions).toBe(3);
  });
});

describe("a token in doubt", () => {
  test("is asked for before it counts", async () => {
    await cache.get(HASH);
    answer = async () => null;
    cache.doubtAll();
    expect(cache.find(HASH)).toBeNull();
    expect(await cache.get(HASH)).toBeNull();
    expect(cache.knows(HASH)).toBe(false);
  });

  test("counts again once the database said so, and is not asked for again", async () => {
    await cache.get(HASH);
    cache.doubtAll();
    expect(await cache.get(HASH)).toBe(ALICE);
    expect([cache.find(HASH), questions]).toEqual([ALICE, 2]);
  });

  test("is not confirmed by an answer that was asked for before", async () => {
    await cache.get(HASH);
    now += CONFIRMED_FOR_MS - 1;
    let finish = (_owner: AuthenticatedToken | null): void => {};
    answer = () => new Promise((resolve) => (finish = resolve));
    expect(cache.find(HASH)).toBe(ALICE);
    cache.doubtAll();
    const before = finish;
    answer = async () => null;
    before(ALICE);
    expect(await cache.get(HASH)).toBeNull();
  });
});

describe("what may be told without waiting", () => {
  const found = async (): Promise<AuthenticatedToken | null> => {
    await cache.get(HASH);
    return cache.find(HASH);
  };

  test("is who was known a moment ago, and nobody else", async () => {
    expect(cache.find(HASH)).toBeNull();
    expect(await found()).toBe(ALICE);
    expect(cache.find(OTHER)).toBeNull();
    expect(questions).toBe(1);
  });

  test("is confirmed in the background, and waits once its time is over", async () => {
    await found();
    now += CONFIRMED_FOR_MS - 1;
    let finish = (_owner: AuthenticatedToken | null): void => {};
    answer = () => new Promise((resolve) => (finish = resolve));
    expect(cache.find(HASH)).toBe(ALICE);
    expect(questions).toBe(2);
    now += 1;
    expect(cache.find(HASH)).toBeNull();
    finish(null);
    await expect.poll(() => cache.get(HASH)).toBeNull();
    expect(cache.find(HASH)).toBeNull();
  });

  test.each([
    { kind: "token", id: "t-1" },
    { kind: "user", id: "u-alice" },
  ] as const)("ends with the revocation of $kind $id", async (subject) => {
    await found();
    cache.forget(subject);
    expect(cache.find(HASH)).toBeNull();
  });

  test("ends when anything may be otherwise", async () => {
    await found();
    cache.clear();
    expect(cache.find(HASH)).toBeNull();
  });

  test("goes on while the database is away, no longer than the grace", async () => {
    await found();
    answer = away;
    now += CONFIRMED_FOR_MS;
    expect(cache.find(HASH)).toBeNull();
    await cache.get(HASH);
    expect(cache.find(HASH)).toBe(ALICE);
    now += OUTAGE_GRACE_MS - CONFIRMED_FOR_MS;
    expect(cache.find(HASH)).toBeNull();
  });
});
