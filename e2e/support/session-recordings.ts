import { expect, type Page } from "@playwright/test";
import type { RecordingEntry } from "../../lib/audit/recordings/schema.ts";
import type { RecordingDetail, RunningSession } from "../../lib/recordings/live/schema.ts";
import { CLUSTER } from "./cluster.ts";
import { callConsole } from "./console-api.ts";
import { startTerminal, type Terminal } from "./terminal.ts";

/** A busy machine takes its time to prepare a recording. */
const PREPARED_MS = 60_000;

/** What runs now, as the auditor of that page sees it. */
export async function runningSessions(page: Page): Promise<RunningSession[]> {
  return (await callConsole<{ sessions: RunningSession[] }>(page, "GET", "/api/v1/recordings/running"))
    .sessions;
}

/** Waits until a session of the tests' pod runs that is none of those known before; its recording's id. */
export async function newSession(page: Page, known: readonly string[]): Promise<string> {
  let found: string | undefined;
  await expect
    .poll(async () => {
      found = (await runningSessions(page)).find(
        ({ recordingId, pod }) => pod === CLUSTER.pod.name && !known.includes(recordingId),
      )?.recordingId;
      return found;
    })
    .toBeDefined();
  return found!;
}

/** Starts a terminal and waits until its session is listed as running. */
export async function startRecorded(
  page: Page,
  args: string[],
): Promise<{ terminal: Terminal; recordingId: string }> {
  const known = (await runningSessions(page)).map(({ recordingId }) => recordingId);
  const terminal = await startTerminal(args);
  return { terminal, recordingId: await newSession(page, known) };
}

/** Waits until a recording can be played; its row. */
export async function preparedRecording(page: Page, recordingId: string): Promise<RecordingEntry> {
  let detail: RecordingDetail | undefined;
  await expect
    .poll(
      async () => {
        detail = await callConsole<RecordingDetail>(page, "GET", `/api/v1/recordings/${recordingId}`);
        return detail.state;
      },
      { timeout: PREPARED_MS },
    )
    .toBe("ready");
  return detail!.entry!;
}

export const recordingPath = (recordingId: string): string => `/audit/kubernetes/recordings/${recordingId}`;

/** The lines that the terminal of the page shows. */
export const screenOf = (page: Page) => page.locator(".xterm-rows");
