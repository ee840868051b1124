import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

function required(name: "E2E_URL" | "E2E_DATA"): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the fixture installation of support/test.ts sets it`);
  return value;
}

/** The installation under test. */
export const consoleUrl = (): string => required("E2E_URL");
export const dataFolder = (): string => required("E2E_DATA");
export const kubeconfigFile = (): string => process.env.E2E_PEOPLE ?? demoKubeconfig();
export const demoKubeconfig = (): string => path.join(dataFolder(), "demo", "kubeconfig");

/** Id and secret of the demo's read-only application. */
export function demoApplication(): { id: string; secret: string } {
  return JSON.parse(readFileSync(path.join(dataFolder(), "demo", "application.json"), "utf8"));
}

/** The address of the cluster under test, as it is registered. */
export function clusterEndpoint(): string {
  if (process.env.E2E_ENDPOINT) return process.env.E2E_ENDPOINT;
  const port = readFileSync(path.join(dataFolder(), "demo", "cluster", "port"), "utf8").trim();
  return `https://127.0.0.1:${port}`;
}

/** The token of one of the demo's people. */
export function personToken(person: "alice" | "admin" | "auditor"): string {
  const { users } = parse(readFileSync(kubeconfigFile(), "utf8"));
  return users.find(({ name }: { name: string }) => name === person).user.token;
}

/** Where kubectl reaches the gateway, with the path of the cluster under test. */
export function gatewayUrl(): string {
  return parse(readFileSync(kubeconfigFile(), "utf8")).clusters[0].cluster.server;
}
