import { readFileSync } from "node:fs";
import path from "node:path";

function required(name: "E2E_URL" | "E2E_DATA"): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: global-setup.ts sets it`);
  return value;
}

/** The installation under test. */
export const consoleUrl = (): string => required("E2E_URL");
export const dataFolder = (): string => required("E2E_DATA");
export const kubeconfigFile = (): string => path.join(dataFolder(), "demo", "kubeconfig");

/** Id and secret of the demo's read-only application. */
export function demoApplication(): { id: string; secret: string } {
  return JSON.parse(readFileSync(path.join(dataFolder(), "demo", "application.json"), "utf8"));
}
