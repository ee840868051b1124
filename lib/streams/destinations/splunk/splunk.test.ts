import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { batchOf, calls } from "../testing/batches.ts";
import type { GivenAnswer, ReceivedRequest, TestReceiver } from "../testing/http-receiver.ts";
import { startReceiver } from "../testing/http-receiver.ts";
import { open, permitLoopback, sendOnce } from "../testing/open.ts";

// An HTTP Event Collector as it is documented:
// https://docs.splunk.com/Documentation/Splunk/latest/Data/HECRESTendpoints
// https://docs.splunk.com/Documentation/Splunk/latest/Data/AboutHECIDXAck
const TOKEN = "11111111-2222-3333-4444-555555555555";

interface Collector {
  events: { time: number; event: object; fields: Record<string, string>; [key: string]: unknown }[];
  /** Questions that are answered with false before an acknowledgement is given. */
  falseFirst: number;
  /** What is said instead of taking events; once. */
  says: GivenAnswer[];
  acknowledges: boolean;
  questions: number;
}

let receiver: TestReceiver;
let collector = fresh();
let nextAck = 0;

const json = (status: number, body: object): GivenAnswer => ({ status, body: JSON.stringify(body) });

/** Objects one behind another, with nothing between them. */
function readJoined(text: string): Collector["events"] {
  const events: Collector["events"] = [];
  let depth = 0;
  let start = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inText) {
      if (character === "\\") at++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === "{" && depth++ === 0) start = at;
    else if (character === "}" && --depth === 0) events.push(JSON.parse(text.slice(start, at + 1)));
    else if (depth === 0) throw new Error(`between events: ${character}`);
  }
  return events;
}

function collect({ path, headers, body }: ReceivedRequest): GivenAnswer {
  if (headers.authorization === undefined) return json(401, { text: "Token is required", code: 2 });
  if (headers.authorization !== `Splunk ${TOKEN}`) return json(403, { text: "Invalid token", code: 4 });
  const channel = headers["x-splunk-request-channel"];
  if (collector.acknowledges && !channel) return json(400, { text: "Data channel is missing", code: 10 });
  const { pathname, searchParams } = new URL(path, "http://splunk.example");
  if (pathname === "/services/collector/ack") {
    if (!collector.acknowledges) return json(400, { text: "ACK is disabled", code: 14 });
    if (searchParams.get("channel") !== channel) return json(400, { text: "Invalid data channel", code: 11 });
    collector.questions++;
    const taken = collector.falseFirst-- <= 0;
    const { acks } = JSON.parse(body.toString()) as { acks: number[] };
    return json(200, { acks: Object.fromEntries(acks.map((ack) => [ack, taken])) });
  }
  if (pathname !== "/services/collector/event")
    return json(404, { text: "The requested URL was not found on this server.", code: 404 });
  const said = collector.says.shift();
  if (said) return said;
  collector.events.push(...readJoined(body.toString()));
  return json(200, { text: "Success", code: 0, ...(collector.acknowledges && { ackId: nextAck++ }) });
}

beforeAll(async () => {
  permitLoopback();
  receiver = await startReceiver(collect);
});
afterAll(() => receiver.close());
afterEach(() => {
  collector = fresh();
});
function fresh(): Collector {
  return { events: [], falseFirst: 0, says: [], acknowledges: true, questions: 0 };
}

const opened = (settings: object = {}, token = TOKEN) =>
  open("splunk", { url: receiver.url, index: "audit", ...settings }, { token });

describe("Splunk's HTTP Event Collector", () => {
  test("events are joined without a separator, each with its time, place and id", async () => {
    const batch = batchOf();
    expect(await sendOnce(opened(), batch)).toEqual({ is: "taken" });
    expect(collector.events).toHaveLength(3);
    expect(collector.events[0]).toEqual({
      time: 1_772_357_400.123,
      host: "kubewitness.example",
      source: "kubewitness",
      sourcetype: "kubewitness:audit",
      index: "audit",
      fields: { kubewitness_id: batch.records[0]!.record.id, kubewitness_surface: "requests" },
      event: JSON.parse(batch.records[0]!.text),
    });
  });

  test("a batch is taken once the indexers have acknowledged it, however often they are asked", async () => {
    collector.falseFirst = 2;
    expect(await sendOnce(opened(), batchOf(calls(1, 5)))).toEqual({ is: "taken" });
    expect(collector.questions).toBe(3);
  });

  test("where they never do, it comes later, with the batch's time", async () => {
    collector.falseFirst = 1_000;
    const outcome = await sendOnce(opened(), batchOf(), AbortSignal.timeout(500));
    expect(outcome).toMatchObject({ is: "later" });
  });

  test("without acknowledgement it is taken at once, and the index is the token's", async () => {
    collector.acknowledges = false;
    expect(await sendOnce(opened({ acknowledge: false, index: "" }), batchOf())).toEqual({ is: "taken" });
    expect(collector.questions).toBe(0);
    expect(collector.events[0]).not.toHaveProperty("index");
  });

  test("a token that does not acknowledge is no success", async () => {
    collector.acknowledges = false;
    expect(await sendOnce(opened(), batchOf())).toMatchObject({
      is: "refused",
      because: "access",
      reason: /turn on indexer acknowledgement/,
    });
  });

  test.each([
    [
      "a busy server",
      json(503, { text: "Server is busy", code: 9 }),
      { is: "later", reason: /503.*Server is busy/ },
    ],
    ["a body that is too long", { status: 413 }, { is: "tooLarge" }],
    [
      "a wrong event",
      json(400, { text: "Invalid data format", code: 6, "invalid-event-number": 1 }),
      { is: "refused", because: "records" },
    ],
    [
      "a wrong index",
      json(400, { text: "Incorrect index", code: 7 }),
      { is: "refused", because: "access", reason: /name an index/ },
    ],
    [
      "a disabled token",
      json(403, { text: "Token disabled", code: 1 }),
      { is: "refused", because: "access" },
    ],
  ])("%s", async (_, said, expected) => {
    collector.says = [said];
    expect(await sendOnce(opened(), batchOf())).toMatchObject(expected);
  });

  test("a wrong token is refused, and not told", async () => {
    const outcome = await sendOnce(opened({}, "99999999-wrong"), batchOf());
    expect(outcome).toMatchObject({ is: "refused", because: "access", reason: /Invalid token.*check/ });
    expect(JSON.stringify(outcome)).not.toContain("99999999");
  });
});
