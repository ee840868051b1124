import { clockAhead, clockBack } from "./clock.ts";
import { clusterResets } from "./cluster.ts";
import { diskFull } from "./disk.ts";
import type { Fault } from "./fault.ts";
import { flippedBytes, tornBytes } from "./journal-bytes.ts";
import { killPostgres, postgresAway, stallPostgres } from "./postgresql.ts";
import { blockLoop, killAll, killGateway, killMain } from "./processes.ts";
import { secondProcess } from "./second-process.ts";
import { shutdown } from "./shutdown.ts";

/** What `npm run torture` does, in its order. */
export const FAULTS: readonly Fault[] = [
  ...[killGateway, killMain, killAll, blockLoop, shutdown],
  ...[killPostgres, stallPostgres, postgresAway],
  ...[diskFull, tornBytes, flippedBytes, secondProcess],
  ...[clockBack, clockAhead, clusterResets],
];
