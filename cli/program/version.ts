import { readFileSync } from "node:fs";

/** Written into the bundle by scripts/cli.ts. */
declare const KUBEWITNESS_CLI_VERSION: string | undefined;

/** The project's version. */
export const VERSION: string =
  typeof KUBEWITNESS_CLI_VERSION === "string"
    ? KUBEWITNESS_CLI_VERSION
    : JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
