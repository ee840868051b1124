import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../../../test/free-ports.ts";
import { batchOf, calls } from "../testing/batches.ts";
import { type ReceiverCertificates, receiverCertificates } from "../testing/certificates.ts";
import { startReceiver, type TestReceiver } from "../testing/http-receiver.ts";
import { open, permitLoopback, sendOnce } from "../testing/open.ts";
import { webhook } from "./destination.ts";
import { WebhookSecrets, WebhookSettings } from "./schema.ts";

let certificates: ReceiverCertificates;
let receiver: TestReceiver;
const signingSecret = webhook.makeSecrets!({}).signingSecret!;

beforeAll(async () => {
  permitLoopback();
  certificates = await receiverCertificates();
  receiver = await startReceiver(undefined, certificates);
});
afterAll(() => receiver.close());
afterEach(() => {
  receiver.requests.length = 0;
  receiver.answer = () => ({ status: 204 });
});

const opened = (settings: object = {}, secrets: object = {}) =>
  open(
    "webhook",
    { url: `${receiver.url}/hook`, ca: certificates.ca, ...settings },
    { signingSecret, ...secrets },
  );

describe("a webhook", () => {
  test("a batch is one request, whose signature the reference receiver of Standard Webhooks verifies", async () => {
    const batch = batchOf();
    const outcome = await sendOnce(
      opened({}, { headers: "X-Api-Key: k-123\nAuthorization: Bearer abc" }),
      batch,
    );
    expect(outcome).toEqual({ is: "taken" });
    const [{ method, path, headers, body }] = receiver.requests as [TestReceiver["requests"][0]];
    expect([method, path]).toEqual(["POST", "/hook"]);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "x-api-key": "k-123",
      authorization: "Bearer abc",
    });
    const verified = new Webhook(signingSecret).verify(body.toString(), headers as Record<string, string>);
    expect(verified).toEqual(batch.records.map(({ text }) => JSON.parse(text)));
    expect(() => new Webhook(signingSecret).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  test("the same batch again has the same id, and lines and an EventList are signed as well", async () => {
    const batch = batchOf(calls(1, 3), "kubernetes-audit");
    for (const body of ["lines", "lines", "event-list"])
      expect(await sendOnce(opened({ body }), batch)).toEqual({ is: "taken" });
    const [first, second, list] = receiver.requests;
    expect(first!.headers["webhook-id"]).toBe(second!.headers["webhook-id"]);
    expect(first!.headers["content-type"]).toBe("application/x-ndjson");
    expect(first!.body.toString().trim().split("\n")).toEqual(batch.records.map(({ text }) => text));
    const events = new Webhook(signingSecret).verify(
      list!.body.toString(),
      list!.headers as Record<string, string>,
    );
    expect(events).toMatchObject({ kind: "EventList", apiVersion: "audit.k8s.io/v1", metadata: {} });
    expect((events as { items: object[] }).items).toHaveLength(3);
  });

  test("an EventList of another format is refused before anything is sent", async () => {
    const outcome = await sendOnce(opened({ body: "event-list" }), batchOf());
    expect(outcome).toMatchObject({ is: "refused", because: "access", reason: /Kubernetes audit/ });
    expect(receiver.requests).toEqual([]);
  });

  test.each([
    [410, {}, { is: "gone" }],
    [413, {}, { is: "tooLarge" }],
    [429, { "retry-after": "7" }, { is: "later", retryAfterMs: 7_000 }],
    [503, {}, { is: "later" }],
    [400, {}, { is: "refused", because: "records" }],
    [422, {}, { is: "refused", because: "records" }],
    [401, {}, { is: "refused", because: "access" }],
    [404, {}, { is: "refused", because: "access" }],
    [302, { location: "https://elsewhere.example/" }, { is: "refused", because: "access" }],
  ])("%i is what it means", async (status, headers, expected) => {
    receiver.answer = () => ({ status, headers, body: "no" });
    const outcome = await sendOnce(opened(), batchOf());
    expect(outcome).toMatchObject(expected);
    expect((outcome as { reason: string }).reason).toContain(`it answered ${status}`);
    expect(receiver.requests).toHaveLength(1);
  });

  test("a date of Retry-After counts, within an hour", async () => {
    receiver.answer = () => ({
      status: 429,
      headers: { "retry-after": new Date(Date.now() + 9e6).toUTCString() },
    });
    expect(await sendOnce(opened(), batchOf())).toMatchObject({ is: "later", retryAfterMs: 3_600_000 });
  });

  test("what it says is quoted in one line, cut, and without the secrets that were sent to it", async () => {
    const body = `denied for token-abcdef, key 12345678 and ${signingSecret}\n${"x".repeat(100_000)}`;
    receiver.answer = () => ({ status: 403, body });
    const outcome = await sendOnce(
      opened({}, { headers: "Authorization: token-abcdef\nX-Key: Bearer 12345678" }),
      batchOf(),
    );
    const { reason } = outcome as { reason: string };
    expect(reason).toMatch(
      /^it answered 403 \(Forbidden\): denied for \[secret\], key \[secret\] and \[secret\] x+…: check/,
    );
    expect(reason.length).toBeLessThan(500);
  });

  test("an answer without an end is left after what is read of it", async () => {
    receiver.answer = () => ({ status: 500, body: Buffer.alloc(30_000_000, "a") });
    expect(await sendOnce(opened(), batchOf())).toMatchObject({ is: "later" });
  });

  test("a receiver that never answers ends with the batch's time", async () => {
    receiver.answer = () => ({ status: 200, hangs: true });
    const outcome = await sendOnce(opened(), batchOf(), AbortSignal.timeout(300));
    expect(outcome).toMatchObject({ is: "later", reason: /did not answer|does not answer/ });
  });
});

describe("whom a webhook speaks to", () => {
  const reasonOf = async (settings: object, secrets: object = {}) => {
    const outcome = await sendOnce(opened(settings, secrets), batchOf());
    expect(outcome.is).toBe("later");
    return (outcome as { reason: string }).reason;
  };

  test("a certificate of another authority is refused", async () => {
    expect(await reasonOf({ ca: "" })).toMatch(/authority that is not known here: give the certificate/);
    expect(receiver.requests).toEqual([]);
  });

  test("a certificate for another name is refused", async () => {
    const other = await startReceiver(undefined, { ...certificates, server: certificates.elsewhere });
    expect(await reasonOf({ url: other.url })).toMatch(/for another name/);
    expect(other.requests).toEqual([]);
    await other.close();
  });

  test("nobody listens, no such name, no TLS", async () => {
    const plain = await startReceiver();
    expect(await reasonOf({ url: `https://127.0.0.1:${await freePort()}` })).toMatch(
      /nothing listens at its address/,
    );
    expect(await reasonOf({ url: "https://no-such-host.invalid/" })).toMatch(
      /no address in DNS|DNS server does not/,
    );
    expect(await reasonOf({ url: plain.url.replace("http:", "https:") })).toMatch(/does not speak TLS/);
    await plain.close();
  });

  test("this machine only where streams.allowLoopback permits it, by any of its names", async () => {
    permitLoopback(false);
    try {
      for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
        const port = new URL(receiver.url).port;
        expect(await reasonOf({ url: `https://${host}:${port}/` })).toMatch(/streams\.allowLoopback/);
      }
      expect(receiver.requests).toEqual([]);
    } finally {
      permitLoopback();
    }
  });

  test("a receiver that asks for a client certificate gets the one that is given, and no other", async () => {
    const strict = await startReceiver(undefined, { ...certificates, asksForClient: true });
    const { client, strange } = certificates;
    const to = { url: strict.url };
    try {
      const shown = { ...to, clientCertificate: client.certificate };
      expect(await sendOnce(opened(shown, { clientKey: client.key }), batchOf())).toEqual({ is: "taken" });
      expect(await reasonOf(to)).toMatch(/client certificate/);
      const other = { ...to, clientCertificate: strange.certificate };
      expect(await reasonOf(other, { clientKey: strange.key })).toMatch(
        /client certificate|closed the connection/,
      );
      expect(strict.requests).toHaveLength(1);
      expect(() => opened(shown, { clientKey: strange.key })).toThrow(/secrets.clientKey: got another key/);
    } finally {
      await strict.close();
    }
  });
});

describe("what a webhook may be set to", () => {
  test.each([
    ["http://siem.example.org/", false],
    ["http://127.0.0.1:9000/", true],
    ["https://user:pass@siem.example.org/", false],
    ["https://siem.example.org/#x", false],
    ["ftp://siem.example.org/", false],
    ["siem.example.org", false],
    ["https://siem.example.org/in?x=1", true],
  ])("%s: %s", (url, taken) => {
    expect(WebhookSettings.safeParse({ url }).success).toBe(taken);
  });

  test.each([
    ["X-Key: 1\n\nOther: two words ", true],
    ["Host: elsewhere", false],
    ["webhook-signature: v1,forged", false],
    ["X-Key 1", false],
    ["X-Key: a\u0000b", false],
  ])("headers %j: %s", (headers, taken) => {
    expect(WebhookSecrets.safeParse({ headers }).success).toBe(taken);
  });
});
