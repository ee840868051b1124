import { expect, test } from "vitest";
import { SimulateInput } from "../../../../lib/access/simulator/schema.ts";
import { ASKED_CALL, type AskedCall, instantOf, isAsked, timeOf, toInput } from "./asked-call.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const empty = Object.fromEntries(
  Object.entries(ASKED_CALL).map(([key, parser]) => [key, parser.defaultValue]),
) as AskedCall;
const asked = (change: Partial<AskedCall>): AskedCall => ({
  ...empty,
  cluster: "prod",
  resource: "pods",
  ...change,
});

test("the address's texts become what the API takes", () => {
  const input = toInput(
    asked({ subject: " a@acme.example ", asGroup: "ops, dev", as: "bob", factor: "5" }),
    NOW,
  );
  expect(SimulateInput.parse(input)).toMatchObject({
    subject: "a@acme.example",
    verb: "get",
    resource: "pods",
    apiGroup: "",
    as: "bob",
    asGroups: ["ops", "dev"],
    at: null,
    clientAddress: null,
    secondFactorAt: "2026-11-28T11:55:00.000Z",
  });
});

test("what cannot be read is passed on, to be refused at its field", () => {
  const refused = SimulateInput.safeParse(
    toInput(asked({ factor: "soon", address: "here", at: "never" }), NOW),
  );
  expect(refused.error?.issues.map(({ path }) => path[0])).toEqual(
    expect.arrayContaining(["clientAddress", "at"]),
  );
  expect(SimulateInput.safeParse(toInput(asked({ factor: "soon" }), NOW)).error?.issues[0]?.path).toEqual([
    "secondFactorAt",
  ]);
});

test("nothing is asked without a cluster, and a resource or a path", () => {
  expect(
    [asked({}), asked({ cluster: "" }), asked({ resource: "" }), asked({ resource: "", path: "/x" })].map(
      isAsked,
    ),
  ).toEqual([true, false, false, true]);
});

test("a time goes to the form's fields and back", () => {
  const at = "2026-11-28T18:30:00.000Z";
  expect(timeOf(asked({ at }), "Europe/Berlin")).toEqual({ day: "2026-11-28", clock: "19:30" });
  expect(instantOf({ day: "2026-11-28", clock: "19:30" }, "Europe/Berlin")).toBe(at);
  expect(instantOf({ day: "28.11.", clock: "" }, "UTC")).toBe("28.11.");
});
