import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { Context } from "../../lib/context.ts";
import { authenticateToken } from "../../lib/identity/authenticate.ts";
import type { PersonView } from "../../lib/identity/people/schema.ts";
import { issueToken } from "../../lib/identity/tokens/mutations.ts";

const LEAST_LIFE_MS = 86_400_000;
const Kubeconfig = z.object({
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string() }) })),
});

/**
 * A token for each of `people`, in their order: the one in the kubeconfig of the last start where it still counts for a day,
 * else a new one.
 */
export async function ensureDemoTokens(
  ctx: Context,
  people: ReadonlyMap<string, PersonView>,
  kubeconfig: string,
): Promise<Map<string, string>> {
  const kept = readTokens(kubeconfig);
  const tokens = new Map<string, string>();
  for (const [name, { id }] of people) {
    const token = kept.get(name);
    const counts = token !== undefined && (await isUsable(token, id));
    tokens.set(name, counts ? token : (await issue(ctx, id)).token);
  }
  return tokens;
}

function issue(ctx: Context, userId: string) {
  return issueToken({ ctx, input: { name: "kubeconfig of the demo", userId } });
}

async function isUsable(token: string, userId: string): Promise<boolean> {
  const owner = await authenticateToken(token);
  return owner?.actor.id === userId && owner.expiresAt.getTime() - Date.now() > LEAST_LIFE_MS;
}

function readTokens(kubeconfig: string): Map<string, string> {
  if (!existsSync(kubeconfig)) return new Map();
  const read = Kubeconfig.safeParse(parse(readFileSync(kubeconfig, "utf8")));
  return new Map(read.data?.users.map(({ name, user }) => [name, user.token]));
}
