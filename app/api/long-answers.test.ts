import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemContext } from "../../lib/context.ts";
import { issueApplicationToken } from "../../lib/identity/application-tokens/mutations.ts";
import { createApplication, setApplicationEnabled } from "../../lib/identity/applications/mutations.ts";
import { setPersonEnabled } from "../../lib/identity/people/mutations.ts";
import { contextFromRequest } from "../../lib/identity/request-context.ts";
import { createSession, endSession } from "../../lib/identity/sessions/mutations.ts";
import { sessionCookieName } from "../../lib/identity/sessions/token.ts";
import { issueToken, revokeToken } from "../../lib/identity/tokens/mutations.ts";
import { openStore } from "../../lib/recordings/store/recording-store.ts";
import { testChunks, testSession } from "../../lib/recordings/store/testing/recorded.ts";
import { storeEntries } from "../../test/audit/store-entries.ts";
import { generateEntries } from "../../test/history/generate-entries.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../test/installation.ts";
import { answerLines } from "./answer-lines.ts";
import { GET as watch } from "./v1/recordings/[id]/watch/route.ts";
import { GET as exportRequests } from "./v1/request-audit/export/route.ts";
import { GET as live } from "./v1/request-audit/live/route.ts";

// Answers that go on for long end with the right that they began with.

const ctx = systemContext("test");
/** Two seconds are promised; the rest is what a busy machine takes. After ten it is asked again whether access goes on, though nobody told. */
const BEFORE_ASKED_AGAIN = { timeout: 9_000 };
let installation: TestInstallation;

beforeAll(async () => {
  installation = await createTestInstallation();
  const from = Date.now() - 3_600_000;
  await storeEntries(
    installation.pool,
    generateEntries({ count: 20_000, from, to: Date.now() - 1_000, seed: 1 }),
  );
}, 120_000);
afterAll(() => installation.close());

type Handler = (request: Request, route: { params: Promise<unknown> }) => Promise<Response>;
const ask = (handler: Handler, path: string, headers: Record<string, string>) =>
  handler(new Request(`http://localhost:3000/api/v1/request-audit/${path}`, { headers }), {
    params: Promise.resolve({}),
  });

async function signIn(lifetimeMs = 3_600_000) {
  const email = `${randomBytes(4).toString("hex")}@example.com`;
  const { id: userId } = await installation.prisma.user.create({
    data: { email, issuer: "demo", consoleRole: "auditor" },
  });
  const sessionToken = randomBytes(32).toString("base64url");
  await createSession({
    ctx,
    input: { userId, provider: "oidc", sessionToken, expires: new Date(Date.now() + lifetimeMs) },
  });
  const cookie = `${sessionCookieName(installation.config.publicUrl)}=${sessionToken}`;
  return { sessionToken, email, headers: { cookie } };
}

/** Reads a stream to its end, or to its failure. A live list that nothing ends goes on for 15 minutes. */
async function untilEnded(body: ReadableStream<Uint8Array> | null): Promise<void> {
  const reader = body!.getReader();
  try {
    while (!(await reader.read()).done);
  } catch {}
}

test("a live list ends when the person signs out, which is on the record", async () => {
  const { headers, sessionToken, email } = await signIn();
  const response = await ask(live, "live?afterNo=0", headers);
  expect(response.status).toBe(200);
  const before = await lastEventNo(installation);
  const ended = untilEnded(response.body);
  await endSession({ ctx, input: { sessionToken } });
  await ended;
  await expect
    .poll(async () => (await readEvents(installation, before)).filter(({ operation }) => operation === "End"))
    .toMatchObject([
      {
        action: "View",
        entityType: "RequestAudit",
        entityName: "live list",
        status: "Failed",
        actorName: email,
        error: expect.stringContaining("the person signed out"),
      },
    ]);
  expect((await ask(live, "live?afterNo=0", headers)).status).toBe(401);
});

test("a live list ends with the token that its own token was made with", async () => {
  const { id: userId } = await installation.prisma.user.create({
    data: { email: "chain@example.com", issuer: "demo", consoleRole: "auditor" },
  });
  const parent = await issueToken({ ctx, input: { name: "first", userId } });
  const own = new Request("http://localhost:3000/api/v1/me", {
    headers: { authorization: `Bearer ${parent.token}` },
  });
  const made = await issueToken({ ctx: await contextFromRequest(own), input: { name: "second" } });
  const response = await ask(live, "live?afterNo=0", { authorization: `Bearer ${made.token}` });
  expect(response.status).toBe(200);
  let ended = false;
  void untilEnded(response.body).then(() => (ended = true));
  await revokeToken({ ctx, input: { id: parent.id } });
  await expect.poll(() => ended, BEFORE_ASKED_AGAIN).toBe(true);
});

test("a live list ends when the session expires", async () => {
  const { headers } = await signIn(3_000);
  const response = await ask(live, "live?afterNo=0", headers);
  expect(response.status).toBe(200);
  await untilEnded(response.body);
  expect((await ask(live, "live?afterNo=0", headers)).status).toBe(401);
});

test("an answer of many lines, as of a dry run, ends when the person signs out, and its last line says so", async () => {
  const { headers, sessionToken } = await signIn();
  const request = new Request("http://localhost:3000/api/v1/access/dry-run", { headers });
  let isEnded = false;
  async function* lines(signal: AbortSignal) {
    try {
      for (;;) {
        yield { kind: "progress" };
        await new Promise((resolve) => setTimeout(resolve, 10));
        signal.throwIfAborted();
      }
    } finally {
      isEnded = true;
    }
  }
  const response = await answerLines({ request, ctx: await contextFromRequest(request) }, lines);
  const told = response.text();
  await endSession({ ctx, input: { sessionToken } });
  const last = (await told).trimEnd().split("\n").at(-1)!;
  expect(JSON.parse(last)).toEqual({
    kind: "failure",
    message: expect.stringContaining("the person signed out"),
  });
  expect(isEnded).toBe(true);

  const left = await answerLines({ request, ctx }, lines);
  isEnded = false;
  await left.body!.cancel();
  expect(isEnded).toBe(true);
});

test("whoever watches a session is shown nothing more from when they lost that right, which is on the record", async () => {
  const session = testSession();
  const store = openStore({
    ...installation.config,
    database: { ...installation.config.database, url: installation.url },
  });
  await store.begin(session);
  const [shown, later] = testChunks(session, ["shown before", "secret of later"]);
  await store.append(shown!);
  const withdrawals: ((person: Awaited<ReturnType<typeof signIn>>) => Promise<unknown>)[] = [
    ({ sessionToken }) => endSession({ ctx, input: { sessionToken } }),
    async ({ email }) => {
      const { id } = await installation.prisma.user.findFirstOrThrow({ where: { email } });
      await setPersonEnabled({ ctx, input: { id, enabled: false } });
    },
  ];
  for (const withdraw of withdrawals) {
    const person = await signIn();
    const address = `http://localhost:3000/api/v1/recordings/${session.recordingId}/watch`;
    const watchAs = () =>
      watch(new Request(address, { headers: person.headers }), {
        params: Promise.resolve({ id: session.recordingId }),
      });
    const response = await watchAs();
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    let text = "";
    let ended = false;
    const reading = (async () => {
      for await (const bytes of response.body!) text += new TextDecoder().decode(bytes);
    })().finally(() => {
      ended = true;
    });
    await expect.poll(() => text).toContain("shown before");
    const before = await lastEventNo(installation);
    await withdraw(person);
    await expect.poll(() => ended, BEFORE_ASKED_AGAIN).toBe(true);
    await reading.catch(() => undefined);
    expect((await watchAs()).status).toBe(401);
    const ofRecordings = async () =>
      (await readEvents(installation, before)).filter(({ entityType }) => entityType === "Recording");
    await expect.poll(ofRecordings).toMatchObject([
      {
        action: "View",
        entityId: session.recordingId,
        status: "Failed",
        actorName: person.email,
        error: expect.stringContaining("Access ended while the answer was sent"),
      },
    ]);
    expect(text).not.toContain("secret");
  }
  await store.append(later!);
  await store.stop();
});

test("an export under way ends when the application loses its access", async () => {
  const { id, secret } = await createApplication({ ctx, input: { name: "exporter" } });
  const grant = { grantType: "client_credentials" as const, clientId: id, clientSecret: secret };
  const { accessToken } = await issueApplicationToken({ ctx, input: grant });
  const response = await ask(exportRequests, "export?format=ndjson&from=now-1d", {
    authorization: `Bearer ${accessToken}`,
  });
  expect(response.status).toBe(200);
  const reader = response.body!.getReader();
  await reader.read();
  const before = await lastEventNo(installation);
  await setApplicationEnabled({ ctx, input: { id, enabled: false } });
  await expect
    .poll(
      async () => (await readEvents(installation, before)).find(({ operation }) => operation === "Export"),
      BEFORE_ASKED_AGAIN,
    )
    .toMatchObject({
      status: "Failed",
      error: expect.stringContaining("Access ended while the answer was sent"),
    });
  await expect(reader.read()).rejects.toThrow("Access ended");
});

test("nobody has more than twenty live lists, and the next is told so", async () => {
  const { headers } = await signIn();
  const { headers: other } = await signIn();
  const open = await Promise.all(Array.from({ length: 20 }, () => ask(live, "live?afterNo=0", headers)));
  expect(open.map(({ status }) => status)).toEqual(Array(20).fill(200));
  const refused = await ask(live, "live?afterNo=0", headers);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("30");
  expect(await refused.json()).toMatchObject({ message: expect.stringContaining("20 live lists of yours") });
  const another = await ask(live, "live?afterNo=0", other);
  expect(another.status).toBe(200);
  await Promise.all([...open, another].map(({ body }) => body?.cancel()));
  const again = await ask(live, "live?afterNo=0", headers);
  expect(again.status).toBe(200);
  await again.body?.cancel();
});

test("a burst of requests of one person is answered, in turn", async () => {
  const { GET: list } = await import("./v1/request-audit/route.ts");
  const { headers } = await signIn();
  const answers = await Promise.all(
    Array.from({ length: 60 }, () =>
      list(new Request("http://localhost:3000/api/v1/request-audit?limit=1", { headers }), {
        params: Promise.resolve({}),
      }),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

test("what is refused for its filter keeps no place", async () => {
  const { headers } = await signIn();
  for (let i = 0; i < 25; i++) {
    expect((await ask(live, "live?afterNo=0&filter=verb%20%3D", headers)).status).toBe(400);
  }
  const open = await ask(live, "live?afterNo=0", headers);
  expect(open.status).toBe(200);
  await open.body?.cancel();
});

test("an answer to HEAD keeps nothing open", async () => {
  const { headers } = await signIn();
  const head = async (handler: Handler, path: string) => {
    const url = `http://localhost:3000/api/v1/request-audit/${path}`;
    const answer = await handler(new Request(url, { method: "HEAD", headers }), {
      params: Promise.resolve({}),
    });
    expect([answer.status, answer.body === null]).toEqual([200, true]);
  };
  for (let i = 0; i < 25; i++) await head(live, "live?afterNo=0");
  for (let i = 0; i < 6; i++) await head(exportRequests, "export?format=ndjson&from=now-1d");
});

test("exports that wait for their turn keep no request of the same person waiting", async () => {
  const { GET: me } = await import("./v1/me/route.ts");
  const { headers } = await signIn();
  const begun: Response[] = [];
  const asked = Array.from({ length: 20 }, async () => {
    begun.push(await ask(exportRequests, "export?format=ndjson&from=now-1d", headers));
  });
  await expect.poll(() => begun.length).toBe(4);
  const answer = await me(new Request("http://localhost:3000/api/v1/me", { headers }), {
    params: Promise.resolve({}),
  });
  expect(answer.status).toBe(200);
  // Those that wait follow one by one.
  for (let ended = 0; ended < asked.length; ended++) {
    await expect.poll(() => begun.length).toBeGreaterThan(ended);
    await begun[ended]?.body?.cancel();
  }
  expect(begun.map(({ status }) => status)).toEqual(Array(20).fill(200));
});
