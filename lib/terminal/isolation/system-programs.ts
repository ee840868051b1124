import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const FOLDERS = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];

/** A program of the system, where it usually is: not by PATH, which whoever starts the process chooses. Null where there is none. */
export function findSystemProgram(name: string): string | null {
  return FOLDERS.map((folder) => path.join(folder, name)).find(isExecutable) ?? null;
}

/** Whether this process may run the file. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The shared libraries that programs need, with the loader, as ldd (of the C library) lists them. */
export async function sharedLibraries(programs: string[]): Promise<string[]> {
  const ldd = findSystemProgram("ldd");
  if (!ldd) throw new Error("there is no ldd");
  const found = new Set<string>();
  for (const program of programs) {
    const { stdout } = await promisify(execFile)(ldd, [program], { env: { LC_ALL: "C" } as never });
    for (const [, file] of stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)) found.add(file!);
  }
  return [...found];
}
