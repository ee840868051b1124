import { ensurePrismaClient } from "./prisma-client.ts";
import { serve } from "./serve.ts";
import { runScript } from "./steps.ts";

await runScript(() =>
  serve({ mode: "development", prepare: ensurePrismaClient, serverArguments: process.argv.slice(2) }),
);
