import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { Context } from "../../lib/context.ts";
import { listApplications } from "../../lib/identity/applications/data.ts";
import { createApplication, rotateApplicationSecret } from "../../lib/identity/applications/mutations.ts";
import { writeOwnFile } from "./own-file.ts";

const NAME = "demo-reader";
const Kept = z.object({ id: z.string(), secret: z.string() });

/** Sees to it that `file` has the id and the secret of an application that reads the record. */
export async function ensureDemoApplication(ctx: Context, file: string): Promise<void> {
  const known = (await listApplications({ ctx })).find(({ name }) => name === NAME);
  if (known && readKept(file)?.id === known.id) return;
  const { id, secret } = known
    ? await rotateApplicationSecret({ ctx, input: { id: known.id } })
    : await createApplication({ ctx, input: { name: NAME, consoleRole: "auditor" } });
  writeOwnFile(file, `${JSON.stringify({ name: NAME, id, secret }, null, 2)}\n`);
}

function readKept(file: string): z.infer<typeof Kept> | undefined {
  if (!existsSync(file)) return undefined;
  return Kept.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
}
