import { parseArgs } from "node:util";
import { bundleCommandLine } from "./cli/bundle.ts";
import { buildExecutable, EXECUTABLE_PLATFORMS } from "./cli/executable.ts";
import { announce, runScript } from "./steps.ts";

// npm run cli [-- --bundle-only]: writes dist/kubewitness.mjs, for any Node from 20.19 on, and an executable for each platform, which needs none.
await runScript(async () => {
  const { values } = parseArgs({ options: { "bundle-only": { type: "boolean" } } });
  announce(`Written: ${await bundleCommandLine()}`);
  if (values["bundle-only"]) return 0;
  for (const platform of EXECUTABLE_PLATFORMS) announce(`Written: ${await buildExecutable(platform)}`);
  return 0;
});
