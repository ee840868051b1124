import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { type EntryActor, KubeRequestEntry } from "./entry.ts";
import { entryText, WORDS } from "./entry-text.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  // Quotes, escapes, controls, lone surrogates.
  fc.string({
    unit: fc.constantFrom('"', "\\", "\u0000", "\n", "\u007f", "\u2028", "\ud800", "\udc00", "a", "é", "😀"),
  }),
);
const absentOr = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const count = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY));
const texts = fc
  .array(text, { maxLength: 3 })
  .chain((list) => fc.constantFrom(list, Object.freeze([...list]) as string[]));
const frozenOrNot = <T extends object>(value: T) => fc.constantFrom(value, Object.freeze({ ...value }));

/** In the order in which a call's record makes an entry. */
const entries: fc.Arbitrary<KubeRequestEntry> = fc
  .record({
    callId: text,
    stage: fc.constantFrom(...KubeRequestEntry.shape.stage.options),
    executedAt: count,
    result: fc.constantFrom(...KubeRequestEntry.shape.result.options),
    message: absentOr(text),
    httpStatus: absentOr(count),
    durationMs: absentOr(count),
    bytesIn: absentOr(count),
    bytesOut: absentOr(count),
    exitCode: absentOr(count),
    actor: fc
      .record({
        kind: fc.constantFrom<EntryActor["kind"][]>("user", "application", "anonymous", "system"),
        id: text,
        name: text,
        email: text,
      })
      .chain(frozenOrNot),
    clientIp: absentOr(text),
    cluster: fc.record({ id: text, name: text, endpoint: text }).chain(frozenOrNot),
    role: absentOr(text),
    kubernetesGroups: texts,
    impersonatedUser: absentOr(text),
    impersonatedGroups: texts,
    accessMethod: fc.constantFrom(...KubeRequestEntry.shape.accessMethod.options),
    tokenId: absentOr(text),
    grantId: absentOr(text),
    grantOrigin: absentOr(fc.constantFrom("grant", "request", "break_glass")),
    namespace: absentOr(text),
    verb: text,
    apiGroup: absentOr(text),
    resource: absentOr(text),
    resourceName: absentOr(text),
    clientName: absentOr(text),
    userAgent: absentOr(text),
    command: absentOr(text),
    sessionId: absentOr(text),
    projects: texts,
    departments: texts,
    nodePools: texts,
    recordingId: absentOr(text),
    tunnelAgent: absentOr(text),
    tunnelTag: absentOr(text),
    body: absentOr(fc.record({ text, truncated: fc.boolean(), bytes: fc.nat(), sha256: text })),
    dryRun: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map((entry) => ({ ...entry }) as KubeRequestEntry);

test("an entry's text is what JSON.stringify gives, whatever is in it", () => {
  fc.assert(
    fc.property(entries, (entry) => {
      expect(entryText(entry)).toBe(JSON.stringify(entry));
      // The second time its parts are known.
      expect(entryText(entry)).toBe(JSON.stringify(entry));
    }),
  );
});

test("what changes after its text was made has another", () => {
  fc.assert(
    fc.property(entries, text, (entry, other) => {
      entryText(entry);
      if (!Object.isFrozen(entry.actor)) entry.actor.name = other;
      if (!Object.isFrozen(entry.projects)) entry.projects.push(other);
      entry.cluster = { ...entry.cluster, name: other };
      expect(entryText(entry)).toBe(JSON.stringify(entry));
    }),
  );
});

test("of entries of one caller each has its own text", () => {
  const actor: EntryActor = Object.freeze({ kind: "user", id: "u", name: "Alice", email: "a@x.example" });
  const few = <T>(...values: T[]) => fc.constantFrom(...values);
  const clusters = ["a", "b"].map((name) => Object.freeze({ id: name, name, endpoint: "" }));
  const groups = [["g"], ["h"], []].map((list) => Object.freeze(list) as string[]);
  const of = fc.record({
    clientIp: few(null, "192.0.2.1", "192.0.2.2"),
    cluster: few(...clusters),
    role: few(null, "developer", "admin"),
    kubernetesGroups: few(...groups),
    impersonatedUser: few(null, null, "robot"),
    impersonatedGroups: few<string[]>([], [], ["robots"]),
    tokenId: few("t1", "t2"),
    grantId: few(null, "g1", "g2"),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(entries, of), { minLength: 20, maxLength: 60 }), (calls) => {
      for (const [entry, same] of calls) {
        const call = { ...entry, actor, ...same };
        expect(entryText(call)).toBe(JSON.stringify(call));
      }
    }),
    { numRuns: 50 },
  );
});

test("the words of a call are told by their entries, also where one has others", () => {
  fc.assert(
    fc.property(entries, text, (entry, other) => {
      const { namespace, verb, apiGroup, resource, resourceName, clientName, userAgent, command, sessionId } =
        entry;
      const names = {
        namespace,
        verb,
        apiGroup,
        resource,
        resourceName,
        clientName,
        userAgent,
        command,
        sessionId,
      };
      const words = { ...names, json: null };
      for (const each of [
        entry,
        entry,
        { ...entry, resourceName: other },
        { ...entry, command: null },
        entry,
      ]) {
        const made = { ...each, [WORDS]: words };
        expect(entryText(made)).toBe(JSON.stringify(made));
      }
    }),
  );
});

test("what has not the type that it should is in the text as it is, for the writer to see", () => {
  const anything = fc.jsonValue() as fc.Arbitrary<never>;
  const odd = fc.record({
    bytesIn: anything,
    httpStatus: anything,
    resourceName: anything,
    tokenId: anything,
    message: anything,
  });
  fc.assert(
    fc.property(entries, odd, (entry, values) => {
      const made = { ...entry, ...values };
      expect(JSON.parse(entryText(made))).toEqual(JSON.parse(JSON.stringify(made)));
    }),
  );
});

test("every field of an entry is in its text", () => {
  const [entry] = fc.sample(entries, 1);
  const told = Object.keys(JSON.parse(entryText({ ...entry!, dryRun: true })) as object);
  expect(told.toSorted()).toEqual(Object.keys(KubeRequestEntry.shape).toSorted());
});
