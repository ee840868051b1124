import { ensurePrismaClient } from "./prisma-client.ts";
import { runScript } from "./steps.ts";

await runScript(async () => {
  await ensurePrismaClient();
  return 0;
});
