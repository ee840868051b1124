import { runChecks } from "./checks.ts";
import { ensurePrismaClient } from "./prisma-client.ts";
import { runScript } from "./steps.ts";
import { addTallies } from "./tally.ts";

await runScript(async () => {
  await ensurePrismaClient();
  const { passed, failed } = addTallies(await runChecks());
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
});
