import { expect, it } from "vitest";
import { addTallies, tallyOfCheck, tallyOfPlaywright, tallyOfVitest } from "./tally.ts";

const report = {
  success: true,
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [],
};

it("adds checks and tests up", () => {
  const sum = addTallies([tallyOfCheck(true), tallyOfCheck(false), tallyOfVitest(report)]);
  expect(sum).toEqual({ passed: 6, failed: 1, skipped: 2 });
});

it("counts a test file that could not be loaded as a failure", () => {
  const testResults = [
    { status: "failed", assertionResults: [] },
    { status: "failed", assertionResults: [{ status: "failed" }, { status: "passed" }] },
  ];
  expect(tallyOfVitest({ ...report, success: false, numFailedTests: 1, testResults }).failed).toBe(2);
});

it("counts a run that failed without a failed test", () => {
  expect(tallyOfVitest({ ...report, success: false }).failed).toBe(1);
});

it("counts flaky tests and errors outside tests as failures", () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 };
  expect(tallyOfPlaywright({ stats, errors: [{}] })).toEqual({ passed: 3, failed: 3, skipped: 2 });
});
