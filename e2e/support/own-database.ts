import { readFileSync } from "node:fs";
import path from "node:path";

/** Of the PostgreSQL that a real installation with this data folder started for itself. */
export function databaseUrlOf(data: string): string {
  const read = (name: string) => readFileSync(path.join(data, "postgres", name), "utf8").trim();
  return `postgresql://kubewitness:${read("password")}@127.0.0.1:${read("port")}/kubewitness`;
}
