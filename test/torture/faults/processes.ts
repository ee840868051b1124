import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../processes.ts";
import { type Fault, moreAnswers } from "./fault.ts";

export const killGateway: Fault = {
  name: "kill-gateway",
  async once(rig, round) {
    const { installation } = rig;
    await moreAnswers(rig, 30);
    const workers = await installation.workers();
    const pid = workers[round % workers.length]!;
    process.kill(pid, "SIGKILL");
    await until("the killed process is gone", async () => !(await installation.workers()).includes(pid));
    await installation.serving();
  },
};

/** The gateway processes notice, drain and end. */
export const killMain: Fault = {
  name: "kill-main",
  async once(rig) {
    await moreAnswers(rig, 30);
    await rig.installation.killMain();
    await rig.installation.startMain();
  },
};

/** As where the machine's memory runs out, or a container is ended. */
export const killAll: Fault = {
  name: "kill-all",
  async once(rig) {
    await moreAnswers(rig, 30);
    await rig.installation.killMain({ all: true });
    await rig.installation.startMain();
  },
};

let blocks = 0;

/** Of all gateway processes. */
export const blockLoop: Fault = {
  name: "block-loop",
  async once(rig) {
    await moreAnswers(rig, 30);
    const ms = rig.lasting.loopBlocked;
    rig.installation.control({ block: { id: ++blocks, ms } });
    await sleep(ms);
    await moreAnswers(rig, 30);
    await rig.installation.serving();
  },
};
