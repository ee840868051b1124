import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { type CallLinked, IntentTable } from "./intent-table.ts";

class Member implements CallLinked<Member> {
  readonly callId: string;
  next: Member | null = null;

  constructor(callId: string) {
    this.callId = callId;
  }
}

/** Of few buckets, so that most are in one with others. */
const IDS = ["0f3", "1f3", "2f3", "000", "100", "3f3"].map(
  (end) => `01a226ad-9dde-78b2-8172-34bdedd91${end}`,
);
const step = fc.record({ id: fc.constantFrom(...IDS), what: fc.constantFrom("set", "delete") });

test("it holds what a Map holds", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const table = new IntentTable<Member>();
      const map = new Map<string, Member>();
      for (const { id, what } of steps) {
        const member = new Member(id);
        if (what === "set") {
          table.set(member);
          map.set(id, member);
        } else expect(table.delete(id)).toBe(map.delete(id));
        expect(table.size).toBe(map.size);
        expect(new Set(table.all())).toEqual(new Set(map.values()));
        for (const each of IDS) expect(table.get(each)).toBe(map.get(each) ?? null);
      }
    }),
  );
});

test("one that has left keeps none of the others", () => {
  const table = new IntentTable<Member>();
  const members = IDS.slice(0, 3).map((id) => new Member(id));
  for (const member of members) table.set(member);
  for (const { callId } of members) table.delete(callId);
  expect(members.map(({ next }) => next)).toEqual([null, null, null]);
});
