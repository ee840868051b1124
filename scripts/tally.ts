import { stripVTControlCharacters } from "node:util";

/** What the last lines of `npm test` add up: how many, and of what failed its name and what was said of it. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  failures: Failure[];
}

export interface Failure {
  name: string;
  reason: string;
}

export const emptyTally = (): Tally => ({ passed: 0, failed: 0, skipped: 0, failures: [] });

export function addTallies(tallies: Tally[]): Tally {
  return tallies.reduce(
    (sum, { passed, failed, skipped, failures }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
      failures: [...sum.failures, ...failures],
    }),
    emptyTally(),
  );
}

/** A step that is one check: it passed, or why it failed. */
export const tallyOfCheck = (name: string, reason: string | null): Tally =>
  reason === null
    ? { ...emptyTally(), passed: 1 }
    : { ...emptyTally(), failed: 1, failures: [{ name, reason }] };

/** Each failure by its name with the first lines of what was said of it: what somebody reads who has the end of a log alone. */
export function describeFailures(failures: Failure[]): string {
  const shown = failures.slice(0, FAILURES_SHOWN).map(({ name, reason }) => {
    const lines = stripVTControlCharacters(reason).trimEnd().split("\n").slice(0, REASON_LINES);
    return [`Failed: ${name}`, ...lines.map((line) => `    ${line}`)].join("\n");
  });
  const left = failures.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].map((text) => `${text}\n`).join("");
}

const FAILURES_SHOWN = 20;
const REASON_LINES = 12;

interface VitestReport {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: VitestFile[];
}

interface VitestFile {
  name: string;
  status: string;
  message?: string;
  assertionResults: { status: string; fullName?: string; failureMessages?: string[] | null }[];
}

/**
 * Counts vitest's JSON report. A file that could not be loaded has no tests to fail, so it counts as one failure; so does
 * a run that failed for another reason (an unhandled error).
 */
export function tallyOfVitest(report: VitestReport): Tally {
  const failures = report.testResults.flatMap(failuresOfFile);
  const brokenFiles = report.testResults.filter(isBroken).length;
  const failed = report.numFailedTests + brokenFiles;
  const silent = failed === 0 && !report.success;
  return {
    passed: report.numPassedTests,
    failed: silent ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: silent ? [{ name: "vitest", reason: "an error outside the tests, see above" }] : failures,
  };
}

const isBroken = (file: VitestFile) =>
  file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed");

function failuresOfFile(file: VitestFile): Failure[] {
  if (isBroken(file)) return [{ name: file.name, reason: file.message ?? "" }];
  return file.assertionResults
    .filter(({ status }) => status === "failed")
    .map(({ fullName, failureMessages }) => ({
      name: `${file.name} › ${fullName ?? ""}`,
      reason: failureMessages?.[0] ?? "",
    }));
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: { message?: string }[];
  suites?: PlaywrightSuite[];
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs?: { file: string; line: number; title: string; tests: PlaywrightTest[] }[];
}

interface PlaywrightTest {
  status: string;
  results: { errors?: { message?: string }[] }[];
}

/** Counts Playwright's JSON report. A test that passed only when it was tried again failed; errors outside tests count too. */
export function tallyOfPlaywright({ stats, errors, suites }: PlaywrightReport): Tally {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
    failures: [
      ...errors.map(({ message }) => ({ name: "playwright", reason: message ?? "" })),
      ...(suites ?? []).flatMap(failuresOfSuite),
    ],
  };
}

function failuresOfSuite({ suites, specs }: PlaywrightSuite): Failure[] {
  const own = (specs ?? []).flatMap(({ file, line, title, tests }) =>
    tests
      .filter(({ status }) => status === "unexpected" || status === "flaky")
      .map(({ results }) => ({
        name: `${file}:${line} › ${title}`,
        reason: results.flatMap(({ errors }) => errors ?? []).find(({ message }) => message)?.message ?? "",
      })),
  );
  return [...own, ...(suites ?? []).flatMap(failuresOfSuite)];
}
