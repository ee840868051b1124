import { describe, expect, test } from "vitest";
import { type ForwardEvent, ForwardMachine, type ForwardState, TRANSITIONS } from "./forward-state.ts";

/** The shortest way to each state. */
const WAYS: Record<ForwardState, ForwardEvent[]> = {
  waiting: [],
  starting: ["stream-began"],
  started: ["stream-began", "start-recorded"],
  passing: ["answer-began"],
  held: ["answer-began", "cluster-finished"],
  settled: ["answered-instead"],
};
const EVENTS: ForwardEvent[] = [
  ...(["answer-began", "stream-began", "start-recorded", "start-unrecorded", "cluster-finished"] as const),
  ...(["cluster-broke", "client-left", "gateway-ended", "answered-instead"] as const),
  ...(["recorded", "unrecorded"] as const),
];
const TABLE: Record<ForwardState, string> = {
  waiting: "passing starting - - - - held held settled - -",
  starting: "- - started settled held held held held - - -",
  started: "- - - - held held held held - - -",
  passing: "- - - - held held held held settled - -",
  held: "- - - - - - - - - settled settled",
  settled: "- - - - - - - - - - -",
};

function machineIn(state: ForwardState): ForwardMachine {
  const machine = new ForwardMachine();
  for (const event of WAYS[state]) expect(machine.take(event)).toBe(true);
  expect(machine.state).toBe(state);
  return machine;
}

describe.each(Object.keys(TRANSITIONS) as ForwardState[])("a call that is %s", (state) => {
  const expected = TABLE[state].split(" ");
  test.each(EVENTS.map((event, index) => [event, expected[index]!]))("%s leads to %s", (event, next) => {
    const machine = machineIn(state);
    expect(machine.take(event)).toBe(next !== "-");
    expect(machine.state).toBe(next === "-" ? state : next);
  });
});

test("an outcome is fixed once: from then on nothing that anybody does is another one", () => {
  for (const state of ["held", "settled"] as const) {
    const machine = machineIn(state);
    expect(machine.isOpen).toBe(false);
    for (const event of EVENTS.filter((name) => !name.endsWith("recorded"))) {
      expect(machine.take(event)).toBe(false);
    }
  }
});
