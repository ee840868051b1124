import https from "node:https";
import { AgentError } from "../../agent-error.ts";
import type { Credential } from "../../api-server/with-credential.ts";
import { errorText } from "../../log.ts";
import { formatKept, type Kept, parseKept } from "../identity.ts";
import type { State } from "./state.ts";

const KEY = "identity.json";
const TIMEOUT_MS = 10_000;
const MOST_BYTES = 1024 * 1024;

interface Secret {
  metadata: { name: string; resourceVersion: string };
  data?: Record<string, string>;
}

/**
 * In a Secret of the cluster, which the pods of a Deployment share and which outlasts them. It has to be there, since RBAC cannot allow to
 * create one of a certain name only: get and update of this one is all that is asked for.
 */
export function secretState(
  credential: Credential,
  { namespace, name }: { namespace: string; name: string },
): State {
  const place = `the Secret ${namespace}/${name} (KUBEWITNESS_AGENT_STATE)`;
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
  let last: Secret | null = null;
  const call = async (method: "GET" | "PUT", body?: Secret) => {
    try {
      return await ask(credential, { method, path, body });
    } catch (cause) {
      throw new AgentError(`${place} cannot be reached: ${errorText(cause)}`, { cause });
    }
  };
  return {
    place,
    async read() {
      const { status, text } = await call("GET");
      if (status !== 200) throw refused(place, "read", status);
      last = JSON.parse(text) as Secret;
      const kept = Buffer.from(last.data?.[KEY] ?? "", "base64").toString();
      return {
        kept: kept === "" ? { identity: null, claim: null } : parseKept(kept, place),
        version: last.metadata.resourceVersion,
      };
    },
    async write(kept: Kept, version: string) {
      if (last?.metadata.resourceVersion !== version) return false;
      const data = { ...last.data, [KEY]: Buffer.from(formatKept(kept)).toString("base64") };
      const { status } = await call("PUT", { ...last, data });
      if (status === 409) return false;
      if (status !== 200) throw refused(place, "written", status);
      return true;
    },
  };
}

function refused(place: string, done: string, status: number): AgentError {
  const next =
    status === 404
      ? "apply deploy/agent.yaml, which has it"
      : "the agent's service account needs get and update on it, as in deploy/agent.yaml";
  return new AgentError(`${place} cannot be ${done}: the API server answered ${status}; ${next}`);
}

async function ask(
  { host, port, certificateAuthority, token }: Credential,
  { method, path, body }: { method: string; path: string; body?: Secret },
): Promise<{ status: number; text: string }> {
  const authorization = `Bearer ${await token()}`;
  return new Promise((resolve, reject) => {
    const request = https.request({
      ...{ host, port, method, path, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) },
      ...(certificateAuthority === null ? {} : { ca: certificateAuthority }),
      headers: {
        Authorization: authorization,
        Accept: "application/json",
        "Content-Type": "application/json",
      },
    });
    request.on("error", reject);
    request.on("response", async (response) => {
      try {
        let text = "";
        for await (const chunk of response.setEncoding("utf8")) {
          text += chunk;
          if (text.length > MOST_BYTES) throw new Error("an answer that is too long");
        }
        resolve({ status: response.statusCode ?? 0, text });
      } catch (error) {
        reject(error);
      }
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
