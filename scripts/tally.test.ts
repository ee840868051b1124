import { expect, it } from "vitest";
import { addTallies, describeFailures, tallyOfCheck, tallyOfPlaywright, tallyOfVitest } from "./tally.ts";

const report = {
  success: true,
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [],
};

it("adds checks and tests up", () => {
  const sum = addTallies([
    tallyOfCheck("Types", null),
    tallyOfCheck("Format", "two spaces"),
    tallyOfVitest(report),
  ]);
  const failures = [{ name: "Format", reason: "two spaces" }];
  expect(sum).toEqual({ passed: 6, failed: 1, skipped: 2, failures });
});

it("counts a test file that could not be loaded as a failure", () => {
  const testResults = [
    { name: "a.test.ts", status: "failed", message: "no such module", assertionResults: [] },
    {
      name: "b.test.ts",
      status: "failed",
      assertionResults: [
        { status: "failed", fullName: "adds", failureMessages: ["expected 1 to be 2"] },
        { status: "passed", fullName: "subtracts", failureMessages: [] },
      ],
    },
  ];
  const tally = tallyOfVitest({ ...report, success: false, numFailedTests: 1, testResults });
  expect(tally.failed).toBe(2);
  expect(tally.failures).toEqual([
    { name: "a.test.ts", reason: "no such module" },
    { name: "b.test.ts › adds", reason: "expected 1 to be 2" },
  ]);
});

it("counts a run that failed without a failed test", () => {
  expect(tallyOfVitest({ ...report, success: false }).failed).toBe(1);
});

it("counts flaky tests and errors outside tests as failures", () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 };
  expect(tallyOfPlaywright({ stats, errors: [{}] })).toMatchObject({ passed: 3, failed: 3, skipped: 2 });
});

it("names the end-to-end tests that failed, at any depth", () => {
  const stats = { expected: 1, unexpected: 1, flaky: 0, skipped: 0 };
  const spec = (title: string, status: string, message?: string) => ({
    file: "sign-in.spec.ts",
    line: 7,
    title,
    tests: [{ status, results: [{ errors: message ? [{ message }] : [] }] }],
  });
  const suites = [
    { specs: [spec("a", "expected")], suites: [{ specs: [spec("b", "unexpected", "no page")] }] },
  ];
  expect(tallyOfPlaywright({ stats, errors: [], suites }).failures).toEqual([
    { name: "sign-in.spec.ts:7 › b", reason: "no page" },
  ]);
});

it("tells at the end what failed, with the first lines of why and without colours", () => {
  const reason = `\u001b[31m${Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n")}`;
  const text = describeFailures([{ name: "x › y", reason }, ...Array(30).fill({ name: "z", reason: "" })]);
  expect(text.startsWith("Failed: x › y\n    line 0\n")).toBe(true);
  expect(text).not.toContain("line 12");
  expect(text.endsWith("and 11 more\n")).toBe(true);
});
