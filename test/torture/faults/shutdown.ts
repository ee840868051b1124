import { readdir } from "node:fs/promises";
import { until } from "../processes.ts";
import { expectThat, type Fault, moreAnswers } from "./fault.ts";

const WATCHES = 100;
const SESSIONS = 20;

export const shutdown: Fault = {
  name: "sigterm",
  size: { connections: 8, watches: 0, sessions: 0 },
  async once(rig) {
    const { installation, load } = rig;
    load.add({ connections: 0, watches: WATCHES, sessions: SESSIONS }, { lasting: true });
    await until("all watches and sessions run", () => load.running >= WATCHES + SESSIONS);
    await moreAnswers(rig, 30);
    const interrupted = await countInterrupted(rig.installation);
    const code = await installation.stopMain();
    expectThat(rig, `SIGTERM ended with exit code ${code}`, code === 0);
    const left = (await readdir(installation.journals)).filter((name) => name !== "set-aside");
    expectThat(rig, `SIGTERM left ${left.join(", ")} in the journals' folder`, left.length === 0);
    const more = (await countInterrupted(installation)) - interrupted;
    expectThat(rig, `SIGTERM interrupted ${more} calls`, more === 0);
    await until("all watches and sessions have ended", () => load.running === 0);
    await installation.startMain();
  },
};

async function countInterrupted({ postgres }: { postgres: { query: CountQuery } }): Promise<number> {
  const { rows } = await postgres.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM kube_request WHERE stage = 3",
  );
  return rows[0]!.count;
}

type CountQuery = <R extends { count: number }>(text: string) => Promise<{ rows: R[] }>;
