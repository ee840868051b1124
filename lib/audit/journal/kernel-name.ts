import { readFileSync } from "node:fs";
import { hostname } from "node:os";

let name: string | undefined;

/** The running kernel, which all containers of a machine share whatever their host names are; where it has no id, the host's name. */
export function kernelName(): string {
  name ??= readBootId() ?? hostname();
  return name;
}

function readBootId(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return null;
  }
}
