import { ensurePrismaClient } from "./prisma-client.ts";
import { serve } from "./serve.ts";
import { runScript } from "./steps.ts";
import { ensureWebBuild } from "./web-build.ts";

await runScript(() =>
  serve({
    mode: "production",
    prepare: async () => {
      await ensurePrismaClient();
      await ensureWebBuild();
    },
    serverArguments: process.argv.slice(2),
  }),
);
