import { chmodSync, readFileSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, build } from "esbuild";
import { projectRoot } from "../steps.ts";

const version = () =>
  JSON.parse(readFileSync(path.join(projectRoot, "package.json"), "utf8")).version as string;

/** In CommonJS, where what one command needs of Node is loaded when that runs; imports of a module would all be loaded at its start. */
const common = (): BuildOptions => ({
  absWorkingDir: projectRoot,
  entryPoints: ["cli/main.ts"],
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  legalComments: "inline",
  logLevel: "warning",
  define: { KUBEWITNESS_CLI_VERSION: JSON.stringify(version()) },
  // The version, which alone asks for it, is written into the bundle.
  logOverride: { "empty-import-meta": "silent" },
});

const REQUIRE = 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);';

/** Bundles the command line to one module. @returns its path, relative to the root */
export async function bundleCommandLine(folder = "dist"): Promise<string> {
  const outfile = path.join(folder, "kubewitness.mjs");
  await build({ ...common(), outfile, banner: { js: REQUIRE } });
  chmodSync(path.resolve(projectRoot, outfile), 0o755);
  return outfile;
}

/** The same as one script, which is what a single executable takes. */
export async function bundleForExecutable(outfile: string): Promise<void> {
  await build({ ...common(), outfile });
}
