import { createHash } from "node:crypto";
import { expect, type Page } from "@playwright/test";
import { getCall } from "./audit-api.ts";
import { type Need, skipWithout } from "./cluster.ts";
import { runRecorded } from "./command-record.ts";
import type { KubectlOptions } from "./kubectl.ts";
import type { CallClaims } from "./recorded-call.ts";
import { expectOnPage } from "./request-audit-page.ts";

/** What one kubectl command should print, and what the record should have of it. */
export interface VerbCase {
  does: string;
  /** Skipped on a cluster that lacks it. */
  needs?: Need;
  args: string[];
  options?: KubectlOptions;
  /** Exit code, 0 where it is left out. */
  code?: number;
  stdout?: RegExp | string;
  stderr?: RegExp | string;
  /** What kubectl calls its own command. */
  command: string;
  calls: CallClaims[];
  /** The request body of the last call that has one. */
  body?: { yaml: string; sent: string };
}

/** Checks a case: kubectl's own outcome, the entries by the API, the rows on the page. */
export async function checkVerb(each: VerbCase, page: Page): Promise<void> {
  skipWithout(each.needs);
  const { command } = each;
  const run = await runRecorded(each.args, { ...each.options, command }, each.calls);
  expect({ code: run.code, stderr: run.stderr }).toEqual({
    code: each.code ?? 0,
    stderr: matching(each.stderr ?? ""),
  });
  if (each.stdout !== undefined) expect(run.stdout).toEqual(matching(each.stdout));
  const written = run.calls.findLast(({ verb }) => !["get", "list"].includes(verb));
  if (each.body) await expectBody(written!.no, each.body);
  if (run.calls.length > 0) await expectOnPage(page, run.calls);
}

const matching = (text: RegExp | string) => (typeof text === "string" ? text : expect.stringMatching(text));

/** The kept YAML, and length and hash of what was sent. */
export async function expectBody(no: number, { yaml, sent }: { yaml: string; sent: string }): Promise<void> {
  const { requestBody, requestBodyBytes, requestBodySha256, requestBodyTruncated } = await getCall(no);
  expect({ requestBody, requestBodyBytes, requestBodySha256, requestBodyTruncated }).toEqual({
    requestBody: yaml,
    requestBodyBytes: Buffer.byteLength(sent),
    requestBodySha256: createHash("sha256").update(sent).digest("hex"),
    requestBodyTruncated: false,
  });
}
