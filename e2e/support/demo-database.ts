import { readFileSync } from "node:fs";
import path from "node:path";
import { dataFolder } from "./installation.ts";

/** Of the PostgreSQL that the installation started. */
export function databaseUrl(): string {
  const read = (name: string) => readFileSync(path.join(dataFolder(), "demo/postgres", name), "utf8").trim();
  return `postgresql://kubewitness:${read("password")}@127.0.0.1:${read("port")}/kubewitness`;
}
