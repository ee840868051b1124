import { describe, expect, test } from "vitest";
import { DESTINATIONS } from "../../../../../lib/streams/destinations/schema.ts";
import { CreateStreamInput, type StreamView } from "../../../../../lib/streams/schema.ts";
import { createBody, draftOf, tryBody, updateBody } from "./draft.ts";

const empty = () => draftOf(null, "webhook", "Europe/Berlin");

test.each(DESTINATIONS.map(({ kind }) => kind))(
  "a new form of %s has what its kind takes by itself",
  (kind) => {
    const { settings } = tryBody(draftOf(null, kind, "UTC"), undefined);
    const described = DESTINATIONS.find((each) => each.kind === kind)!;
    const read = described.settings.safeParse(settings);
    const missing = read.success ? [] : read.error.issues.map(({ path }) => path[0]);
    // Only what nobody but the administrator knows is asked for.
    for (const field of missing)
      expect(settings[field as string], `${kind}: ${String(field)}`).toSatisfy(
        (value) => value === "" || value === undefined,
      );
  },
);

describe("a new stream", () => {
  test("is what the API takes", () => {
    const draft = { ...empty(), name: "siem", rateLimit: "1,000", secrets: { headers: " " } };
    const body = createBody(draft, "Europe/Berlin");
    expect(CreateStreamInput.parse(body)).toMatchObject({
      name: "siem",
      kind: "webhook",
      secrets: {},
      surfaces: { requests: { filter: "", leaveOut: [] }, events: {} },
      rateLimit: 1_000,
      start: { from: "now" },
    });
    expect(body.surfaces).not.toHaveProperty("recordings");
  });

  test("begins at a time of the viewer's zone, or behind numbers of what it sends", () => {
    const { start, ...draft } = empty();
    const at = { day: "2026-07-01", clock: "12:00" };
    expect(createBody({ ...draft, start: { ...start, from: "time", at } }, "Europe/Berlin").start).toEqual({
      from: "time",
      time: "2026-07-01T10:00:00.000Z",
    });
    const numbers = { requests: "17", events: "", recordings: "9" };
    expect(createBody({ ...draft, start: { ...start, from: "number", numbers } }, "UTC").start).toEqual({
      from: "number",
      requests: 17,
    });
  });

  test("what is no number is sent as it is written, so that the API says what it takes", () => {
    const read = CreateStreamInput.safeParse(
      createBody({ ...empty(), name: "siem", rateLimit: "many" }, "UTC"),
    );
    expect(read.error?.issues).toMatchObject([{ path: ["rateLimit"], message: /^takes a whole number/ }]);
  });
});

test("a change keeps the secrets that are not given, and removes those that are to go", () => {
  const stream = {
    name: "siem",
    kind: "webhook",
    settings: { url: "https://siem.example", body: "lines" },
    secretsSet: ["signingSecret", "headers"],
    format: "ecs",
    surfaces: { requests: { filter: "verb = get", leaveOut: ["clientIp"] } },
    rateLimit: null,
    batch: { records: 5, bytes: 10_000, seconds: 1 },
  } as unknown as StreamView;
  const draft = { ...draftOf(stream, "webhook", "UTC"), dropped: ["headers"] };
  expect(updateBody(draft)).toMatchObject({
    settings: { url: "https://siem.example", body: "lines" },
    secrets: { headers: null },
    format: "ecs",
    surfaces: { requests: { filter: "verb = get", leaveOut: ["clientIp"] } },
    rateLimit: null,
    batch: { records: 5, bytes: 10_000, seconds: 1 },
  });
});
