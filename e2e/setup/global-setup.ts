import { ensurePrismaClient } from "../../scripts/prisma-client.ts";
import { ensureWebBuild } from "../../scripts/web-build.ts";

/** Builds once what the installations of all workers need: see the fixture `installation` of support/test.ts. */
export default async function globalSetup(): Promise<void> {
  await ensurePrismaClient();
  await ensureWebBuild();
}
