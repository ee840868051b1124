import { database } from "../../db/connection.ts";
import { log } from "../../log.ts";

const MOST_LINES = 500;
const LONGEST_LINE = 4_096;

interface HistoryOf {
  userId: string;
  clusterId: string;
}

/** What the person typed at that cluster in earlier terminals, oldest first. */
export async function readHistory(of: HistoryOf): Promise<string[]> {
  const row = await database().terminalHistory.findUnique({ where: { userId_clusterId: of } });
  return row?.lines ?? [];
}

/** Adds a line, redacted, and forgets the oldest ones. History is a convenience: where it cannot be kept, the log says so. */
export async function saveHistoryLine({ userId, clusterId }: HistoryOf, line: string): Promise<void> {
  const kept = line.slice(0, LONGEST_LINE);
  try {
    await database().$executeRaw`
      insert into terminal_history (user_id, cluster_id, lines) values (${userId}::uuid, ${clusterId}::uuid, array[${kept}::text])
      on conflict (user_id, cluster_id) do update
      set lines = (terminal_history.lines || excluded.lines)[greatest(1, cardinality(terminal_history.lines) + 2 - ${MOST_LINES}::int):]`;
  } catch (error) {
    log.warn({ err: error }, "a line of the web shell's history could not be kept");
  }
}
