import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { kubectlBinaries } from "../../../scripts/kubectl-binaries.ts";
import { mentionsOf } from "../../access/policy/mentions.ts";
import { PolicyRule } from "../../access/policy/schema.ts";
import { type ApiServer, startApiServer } from "../testing/api-server.ts";
import { type KubectlLab, startKubectlLab } from "../testing/kubectl-lab.ts";
import { decideAs, decideByRole } from "../testing/real-decisions.ts";
import { send } from "../testing/request.ts";

const binaries = await kubectlBinaries();
const [newest] = binaries.slice(-1);
let lab: KubectlLab;
let silent: ApiServer;

beforeAll(async () => {
  [lab, silent] = await Promise.all([startKubectlLab(), startApiServer()]);
  lab.gateway.addCluster("silent", silent.upstream);
});
beforeEach(() => {
  lab.gateway.recorder.clear();
  silent.seen.length = 0;
});
afterAll(async () => {
  await lab.close();
  await silent.close();
});

/** A role of these rules, whose calls the cluster sees as of `group`. */
function useRole(rules: Partial<PolicyRule>[], group = "system:masters") {
  const parsed = rules.map((rule) => PolicyRule.parse({ effect: "allow", verbs: ["*"], ...rule }));
  const identity = { kubernetesGroups: [group], impersonateUsers: [], impersonateGroups: [] };
  lab.gateway.decide = decideByRole({ name: "custom", rules: parsed, ...identity });
  lab.gateway.mentions = mentionsOf(parsed);
}
const EVERYTHING = { apiGroups: ["*"], resources: ["*"] };

interface Listed {
  verbs: Map<string, string>;
  warning: string;
}

/** What `kubectl auth can-i --list` shows: verbs by resource, or by path, with names of objects where they are limited. */
async function list(binary = newest!.path, args = ""): Promise<Listed> {
  const { out, err, code } = await lab.shell(binary, `"$KUBECTL" auth can-i --list ${args}`);
  expect({ code, err: err.replace(/^warning.*\n/gim, "") }).toEqual({ code: 0, err: "" });
  const rows = out
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [, resource, paths, names, verbs] = /^(\S*)\s+\[(.*?)\]\s+\[(.*?)\]\s+\[(.*?)\]/.exec(line) ?? [];
      if (verbs === undefined) return [];
      return [[[resource || paths, names].filter(Boolean).join(" "), verbs] as const];
    });
  return { verbs: new Map(rows), warning: err };
}

describe.each(binaries)("kubectl $version", ({ path }) => {
  test("lists what gateway and cluster both allow", async () => {
    lab.gateway.decide = decideAs("read-only");
    const { verbs, warning } = await list(path);
    expect(verbs.get("pods")).toBe("get list watch");
    expect(verbs.get("deployments.apps")).toBe("get list watch");
    expect(verbs.get("selfsubjectaccessreviews.authorization.k8s.io")).toBe("create");
    expect(verbs.get("/api/*")).toBe("get");
    // The cluster would let the group read none of them, the gateway neither.
    for (const refused of ["secrets", "pods/exec", "pods/proxy", "*.*"])
      expect([...verbs.keys()]).not.toContain(refused);
    expect(warning).toBe("");
  });
});

describe("the list", () => {
  test("has no excepted resource, nothing that is denied, and no proxy that is not named", async () => {
    useRole([
      { ...EVERYTHING, exceptResources: ["secrets"] },
      { ...EVERYTHING, effect: "deny", verbs: ["delete", "deletecollection"] },
      { ...EVERYTHING, effect: "deny", resources: ["nodes"], verbs: ["patch"] },
    ]);
    const { verbs, warning } = await list();
    expect(verbs.get("pods")).toBe("create get list patch update watch");
    expect(verbs.get("nodes")).toBe("create get list update watch");
    expect(verbs.get("pods/exec")).toBe("create get");
    expect([...verbs.keys()].filter((key) => key.includes("proxy") || key === "secrets")).toEqual([]);
    expect(warning).toBe("");
  });

  test("is of the namespace that is asked for, and of what has none", async () => {
    useRole([{ ...EVERYTHING, namespaces: ["payments"] }]);
    expect((await list(newest!.path, "-n payments")).verbs.get("pods")).toContain("get");
    const elsewhere = (await list(newest!.path, "-n checkout")).verbs;
    expect([...elsewhere.keys()]).not.toContain("pods");
    expect([...elsewhere.keys()]).not.toContain("nodes");
  });

  test("names objects where rules do, and says what cannot be listed", async () => {
    useRole([
      { apiGroups: [""], resources: ["configmaps"], names: ["settings", "team-*"], verbs: ["get"] },
      { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] },
      { effect: "deny", apiGroups: ["apps"], resources: ["deployments"], names: ["vault"], verbs: ["get"] },
      { nonResourceURLs: ["/metrics", "/healthz/*"], verbs: ["get"] },
    ]);
    const { verbs, warning } = await list();
    expect(verbs.get("configmaps settings")).toBe("get");
    expect([...verbs.keys()]).not.toContain("deployments.apps");
    expect(verbs.get("/metrics")).toBe("get");
    expect(verbs.get("/healthz/*")).toBe("get");
    expect(warning).toMatch(/the list may be incomplete/);
    expect(warning).toMatch(
      /by a pattern of objects' names; what rules deny for some objects by their names/,
    );
  });

  test("says that what grants of node pools allow depends on the node", async () => {
    useRole([EVERYTHING]);
    lab.gateway.mentions = { ...lab.gateway.mentions, asksNodes: true };
    expect((await list()).warning).toMatch(/what grants of node pools allow on some nodes/);
  });

  test("leaves out a path pattern of which a rule denies some", async () => {
    useRole([{ nonResourceURLs: ["*"] }, { effect: "deny", nonResourceURLs: ["/logs/*"] }]);
    const { verbs, warning } = await list();
    expect([...verbs.keys()]).not.toContain("*");
    expect(warning).toMatch(/what a rule denies some of: \*/);
  });

  test("never has more than both allow, and all that the cluster serves of it", async () => {
    useRole([EVERYTHING], "kubewitness:read-only");
    const asMasters = (await list()).verbs;
    useRole([{ ...EVERYTHING, verbs: ["get", "list"] }], "kubewitness:read-only");
    const narrowed = (await list()).verbs;
    expect(narrowed.get("nodes")).toBe("get list");
    for (const [resource, verbs] of narrowed) {
      if (verbs === "create") continue;
      expect(asMasters.get(resource)?.split(" ")).toEqual(expect.arrayContaining(verbs.split(" ")));
    }
    expect([...narrowed.keys()]).toContain("pods");
    expect([...narrowed.keys()]).not.toContain("pods/exec");
  });

  test("is one row of the record, with whom the cluster was asked as", async () => {
    lab.gateway.decide = decideAs("developer");
    await list();
    const rows = lab.gateway.recorder.entries.filter(
      ({ resource }) => resource === "selfsubjectrulesreviews",
    );
    expect(rows).toMatchObject([
      {
        result: "success",
        httpStatus: 201,
        role: "developer",
        kubernetesGroups: ["kubewitness:developer"],
        message: expect.stringMatching(/^Answered by the gateway with the cluster's rules: \d+ rules$/),
        body: { text: expect.stringContaining("namespace: checkout") },
      },
    ]);
  });
});

describe("without kubectl", () => {
  const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
  const ask = (cluster: string, body = '{"spec":{"namespace":"checkout"}}', headers = {}) =>
    send({
      port: lab.gateway.port,
      path: `${cluster}${REVIEWS}`,
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", ...headers },
    });

  test("a cluster that does not tell what it serves leaves a list that says so", async () => {
    useRole([EVERYTHING]);
    silent.onRequest = (request, response) => {
      const isReview = request.method === "POST";
      response.writeHead(isReview ? 201 : 200, { "Content-Type": "application/json" });
      const rule = (resources: string[]) => ({ verbs: ["get"], apiGroups: [""], resources });
      const status = {
        resourceRules: [rule(["*"]), rule(["pods"])],
        incomplete: true,
        evaluationError: "webhook",
      };
      response.end(JSON.stringify(isReview ? { status } : { kind: "APIGroupList" }));
    };
    expect((await ask("silent")).json()).toMatchObject({
      kind: "SelfSubjectRulesReview",
      spec: { namespace: "checkout" },
      status: {
        resourceRules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }],
        incomplete: true,
        evaluationError: expect.stringMatching(
          /Kubernetes before 1\.27.*what the cluster cannot list: webhook/,
        ),
      },
    });
    const groups = silent.seen.map(({ headers }) => [
      headers["impersonate-user"],
      headers["impersonate-group"],
    ]);
    expect(groups).toEqual(Array(3).fill(["alice@example.com", "system:masters"]));
  });

  test("a cluster that refuses allows nothing that could be listed", async () => {
    useRole([EVERYTHING]);
    silent.onRequest = (_request, response) => response.writeHead(403).end("{}");
    expect((await ask("silent")).json()).toMatchObject({
      status: { resourceRules: [], incomplete: true, evaluationError: expect.stringMatching(/answered 403/) },
    });
  });

  test("a cluster that breaks off is no answer", async () => {
    silent.onRequest = (request) => request.socket.destroy();
    const answer = await ask("silent");
    expect(answer.status).toBe(502);
    expect(answer.json()).toMatchObject({
      kind: "Status",
      message: expect.stringMatching(/closed the connection/),
    });
    // One broken question is answer enough: the other may come after it.
    await expect.poll(() => silent.seen.length).toBe(2);
  });

  test.each<[string, string, Record<string, string>, number]>([
    ["another kind", '{"kind":"Pod"}', {}, 415],
    ["broken JSON", "{", {}, 415],
    ["a client that reads no JSON", "{}", { Accept: "application/yaml" }, 406],
    ["too much", `{"spec":{"namespace":"${"x".repeat(70_000)}"}}`, {}, 413],
  ])("%s is refused", async (_what, body, headers, status) => {
    silent.onRequest = (_request, response) => response.writeHead(403).end("{}");
    expect((await ask("silent", body, headers)).status).toBe(status);
    expect(silent.seen).toEqual([]);
  });

  test("many at once for one caller wait", async () => {
    const open: (() => void)[] = [];
    silent.onRequest = (_request, response) => void open.push(() => response.writeHead(403).end("{}"));
    const answers = [ask("silent"), ask("silent")];
    await expect.poll(() => open.length).toBe(4);
    expect((await ask("silent")).status).toBe(429);
    silent.onRequest = (_request, response) => response.writeHead(403).end("{}");
    for (const answer of open) answer();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([201, 201]);
  });
});
