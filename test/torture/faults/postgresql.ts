import { setTimeout as sleep } from "node:timers/promises";
import { type Fault, moreAnswers } from "./fault.ts";

/** Calls go on without it. */
const MEANWHILE = 20;

export const killPostgres: Fault = {
  name: "kill-postgres",
  async once(rig) {
    await moreAnswers(rig, 30);
    await rig.installation.postgres.kill();
    await rig.installation.postgres.startAgain();
    await moreAnswers(rig, MEANWHILE);
  },
};

export const stallPostgres: Fault = {
  name: "stall-postgres",
  async once(rig) {
    await moreAnswers(rig, 30);
    const goOn = await rig.installation.postgres.stall();
    try {
      await sleep(rig.lasting.postgresStalled);
      await moreAnswers(rig, MEANWHILE);
    } finally {
      goOn();
    }
  },
};

export const postgresAway: Fault = {
  name: "postgres-away",
  async once(rig) {
    await moreAnswers(rig, 30);
    await rig.installation.postgres.stop();
    try {
      await sleep(rig.lasting.postgresAway);
      await moreAnswers(rig, MEANWHILE);
    } finally {
      await rig.installation.postgres.startAgain();
    }
  },
};
