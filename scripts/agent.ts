import { bundleAgent } from "./agent/bundle.ts";
import { announce, runScript } from "./steps.ts";

// npm run agent: writes dist/kubewitness-agent.mjs, the reverse tunnel's agent (agent/README.md).
await runScript(async () => {
  announce(`Written: ${await bundleAgent()}`);
  return 0;
});
