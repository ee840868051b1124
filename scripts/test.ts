import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runChecks } from "./checks.ts";
import { ensureChromium } from "./chromium.ts";
import { ensureKubectl } from "./kubectl-binaries.ts";
import { ensurePrismaClient } from "./prisma-client.ts";
import { ensureRsyslogd } from "./rsyslog.ts";
import { announce, describeError, projectRoot, runProgram, runScript } from "./steps.ts";
import {
  addTallies,
  describeFailures,
  emptyTally,
  type Tally,
  tallyOfCheck,
  tallyOfPlaywright,
  tallyOfVitest,
} from "./tally.ts";
import { ensureWebBuild } from "./web-build.ts";

const reports = mkdtempSync(path.join(tmpdir(), "kubewitness-reports-"));

await runScript(async () => {
  const tallies = [
    ...(await attempt("Generated sources", async () => void (await ensurePrismaClient()))),
    ...(await runChecks()),
    ...(await attempt("kubectl", prepareKubectl)),
    ...(await attempt("rsyslog", ensureRsyslogd)),
    await runVitest(),
    ...(await attempt("Production build", ensureWebBuild)),
    await runEndToEnd(),
  ];
  rmSync(reports, { recursive: true, force: true });
  const { passed, failed, skipped, failures } = addTallies(tallies);
  process.stdout.write(describeFailures(failures));
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
});

/** A step that counts as one check; the others run also after it failed. */
async function attempt(name: string, step: () => Promise<void>): Promise<Tally[]> {
  try {
    await step();
    return [tallyOfCheck(name, null)];
  } catch (error) {
    process.stdout.write(`${name} failed: ${describeError(error)}\n`);
    return [tallyOfCheck(name, describeError(error))];
  }
}

async function prepareKubectl(): Promise<void> {
  const binaries = await ensureKubectl();
  announce(`kubectl ${binaries.map(({ version }) => version).join(", ")}`);
}

async function runVitest(): Promise<Tally> {
  announce("Unit and integration tests (vitest)");
  const report = path.join(reports, "vitest.json");
  const options = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await runProgram("vitest", options);
  return readReport("vitest", report, code, tallyOfVitest);
}

async function runEndToEnd(): Promise<Tally> {
  if (!existsSync(path.join(projectRoot, "e2e"))) return emptyTally();
  let chromium = "";
  const [installed] = await attempt("Chromium", async () => {
    chromium = await ensureChromium();
  });
  announce("End-to-end tests (playwright)");
  const report = path.join(reports, "playwright.json");
  const code = await runProgram("playwright", ["test", "--reporter=list,json"], {
    CHROMIUM_PATH: chromium || undefined,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    // Those of a given cluster, where tests may be skipped, are `npm run e2e`'s alone.
    E2E_KUBECONFIG: undefined,
    E2E_LACKING: undefined,
  });
  return addTallies([installed!, readReport("playwright", report, code, tallyOfPlaywright)]);
}

/** The counts of a report; a runner that wrote none, or that failed without saying in what, is one failure. */
function readReport<T>(runner: string, file: string, code: number, count: (report: T) => Tally): Tally {
  if (!existsSync(file)) return tallyOfCheck(runner, `it ended with exit code ${code} and wrote no report`);
  const tally = count(JSON.parse(readFileSync(file, "utf8")));
  const silent = (code !== 0 && tally.failed === 0) || tally.passed + tally.failed === 0;
  const reason = `it ended with exit code ${code} and names no test that failed`;
  return silent ? addTallies([tally, tallyOfCheck(runner, reason)]) : tally;
}
