import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { announce, findOnPath, runCaptured, runProgram, StepError } from "./steps.ts";

const SYSTEM_NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** The browser for the end-to-end tests: CHROMIUM_PATH, the system's, or Playwright's own; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (!existsSync(named))
      throw new StepError(`CHROMIUM_PATH got "${named}": takes the path of a Chromium that exists`);
    return named;
  }
  const system = SYSTEM_NAMES.map(findOnPath).find((file) => file !== undefined);
  return system ?? (existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined);
}

/** Installs Chromium where there is none: root on Debian and its kin by apt-get, anyone else by Playwright. */
export async function ensureChromium(): Promise<string> {
  const present = findChromium();
  if (present) return present;
  const apt = process.getuid?.() === 0 && findOnPath("apt-get");
  announce(`Installing Chromium (${apt ? "apt-get" : "playwright install"})`);
  const output = apt ? await installByApt() : await installByPlaywright();
  const installed = findChromium();
  if (installed) return installed;
  throw new StepError(`Chromium could not be installed: install it, or set CHROMIUM_PATH to one.\n${output}`);
}

async function installByApt(): Promise<string> {
  const environment = { DEBIAN_FRONTEND: "noninteractive" };
  await runCaptured("apt-get", ["update", "-qq"], environment);
  const options = ["install", "-y", "-qq", "--no-install-recommends", "chromium"];
  return (await runCaptured("apt-get", options, environment)).output.slice(-2000);
}

async function installByPlaywright(): Promise<string> {
  await runProgram("playwright", ["install", "chromium"], { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: undefined });
  return "";
}
