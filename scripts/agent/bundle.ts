import { chmodSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { projectRoot } from "../steps.ts";

/** Bundles the reverse tunnel's agent to one module, which Node 24 runs without any package. @returns its path, relative to the root */
export async function bundleAgent(folder = "dist"): Promise<string> {
  const outfile = path.join(folder, "kubewitness-agent.mjs");
  await build({
    ...{ absWorkingDir: projectRoot, entryPoints: ["agent/main.ts"], outfile, bundle: true, minify: true },
    ...{ platform: "node", target: "node24", format: "esm", legalComments: "inline", logLevel: "warning" },
    // ws takes them where they are installed, and does without.
    external: ["bufferutil", "utf-8-validate"],
    // What is bundled of packages in CommonJS asks for Node's own modules by require.
    banner: {
      js: 'import{createRequire as kubewitnessRequire}from"node:module";const require=kubewitnessRequire(import.meta.url);',
    },
  });
  chmodSync(path.resolve(projectRoot, outfile), 0o755);
  return outfile;
}
