import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { canInstallPackages, installPackages } from "./debian-packages.ts";
import { announce, findOnPath, runProgram, StepError } from "./steps.ts";

/** Chromium without a window's frame, as Playwright runs it by itself: a page costs it a good deal less. */
const HEADLESS_SHELL = "chromium-headless-shell";
const SYSTEM_NAMES = [
  HEADLESS_SHELL,
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
];

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

/** Installs Chromium where there is none: root on Debian and its kin by apt-get, the headless shell also beside another one; anyone else by Playwright. */
export async function ensureChromium(): Promise<string> {
  const present = findChromium();
  const apt = canInstallPackages() && !process.env.CHROMIUM_PATH;
  if (present && (!apt || findOnPath(HEADLESS_SHELL))) return present;
  announce(`Installing Chromium (${apt ? "apt-get" : "playwright install"})`);
  let output = apt ? await installPackages(HEADLESS_SHELL) : await installByPlaywright();
  if (apt && findChromium() === undefined) output += await installPackages("chromium");
  const installed = findChromium();
  if (installed && apt && !findOnPath(HEADLESS_SHELL))
    announce(`${HEADLESS_SHELL} could not be installed; ${installed} takes longer`);
  if (installed) return installed;
  throw new StepError(`Chromium could not be installed: install it, or set CHROMIUM_PATH to one.\n${output}`);
}

async function installByPlaywright(): Promise<string> {
  await runProgram("playwright", ["install", "chromium"], { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: undefined });
  return "";
}
