import https from "node:https";
import type { RunningInstallation } from "./start-installation.ts";

/** What a client knows of one call of its own. */
export interface CallOutcome {
  /** Of the object that it creates; no two calls have the same. */
  name: string;
  /** Null: the connection ended without an answer. */
  status: number | null;
}

/** Creates one config map by the Kubernetes proxy's port. */
export function createObject(
  { kubePort, ca, token }: RunningInstallation,
  name: string,
  agent?: https.Agent,
): Promise<CallOutcome> {
  const body = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
  return new Promise((resolve) => {
    const none = () => resolve({ name, status: null });
    const request = https.request(
      {
        host: "127.0.0.1",
        port: kubePort,
        ca,
        agent,
        method: "POST",
        path: "/k8s/clusters/prod/api/v1/namespaces/shop/configmaps",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      },
      (response) => {
        const { statusCode = null } = response;
        response.on("error", none).on("end", () => resolve({ name, status: statusCode }));
        response.resume();
      },
    );
    request.on("error", none).end(body);
  });
}

/** Calls without a pause on so many connections, and writes down every answer, until it is stopped. */
export function keepCalling(installation: RunningInstallation, connections: number) {
  const outcomes: CallOutcome[] = [];
  const agents = Array.from(
    { length: connections },
    () => new https.Agent({ keepAlive: true, maxSockets: 1 }),
  );
  let stopped = false;
  const loops = agents.map(async (agent, index) => {
    for (let count = 0; !stopped; count++)
      outcomes.push(await createObject(installation, `object-${index}-${count}`, agent));
  });
  return {
    outcomes,
    answered: () => outcomes.filter(({ status }) => status !== null).length,
    async stop(): Promise<CallOutcome[]> {
      stopped = true;
      await Promise.all(loops);
      for (const agent of agents) agent.destroy();
      return outcomes;
    },
  };
}
