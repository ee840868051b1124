import { setTimeout as sleep } from "node:timers/promises";
import { type Fault, moreAnswers } from "./fault.ts";

const RESETS = 5;

/** All connections to the cluster at once, with whatever is under way, some times in a row. */
export const clusterResets: Fault = {
  name: "cluster-resets",
  async once(rig) {
    await moreAnswers(rig, 30);
    for (let resets = 0; resets < RESETS; resets++) {
      rig.installation.cluster.resetConnections();
      await sleep(Math.random() * 100);
    }
    await moreAnswers(rig, 30);
  },
};
