import { expect, test } from "vitest";
import fc from "../test/properties.ts";
import { NO_SLOT, SlotSet, type Slotted } from "./slot-set.ts";

const MEMBERS = 6;
const step = fc.record({ member: fc.nat({ max: MEMBERS - 1 }), what: fc.constantFrom("add", "delete") });

test("it holds what a Set holds", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const members = Array.from({ length: MEMBERS }, (): Slotted => ({ slot: NO_SLOT }));
      const slots = new SlotSet<Slotted>();
      const set = new Set<Slotted>();
      for (const { member: at, what } of steps) {
        const member = members[at]!;
        if (what === "add") {
          slots.add(member);
          set.add(member);
        } else expect(slots.delete(member)).toBe(set.delete(member));
        expect(slots.size).toBe(set.size);
        expect(new Set(slots.members())).toEqual(set);
        for (const each of members) expect(slots.has(each)).toBe(set.has(each));
      }
    }),
  );
});

test("who is gone through may leave meanwhile", () => {
  const slots = new SlotSet<Slotted>();
  const members = [1, 2, 3].map(() => ({ slot: NO_SLOT }));
  for (const member of members) slots.add(member);
  const seen = slots.members().filter((member) => slots.delete(member));
  expect([seen, slots.size]).toEqual([members, 0]);
});

test("nobody is in two of them", () => {
  const member = { slot: NO_SLOT };
  const first = new SlotSet<Slotted>();
  first.add(member);
  expect(() => new SlotSet<Slotted>().add(member)).toThrow("another SlotSet");
  first.add(member);
  expect(first.members()).toEqual([member]);
});
