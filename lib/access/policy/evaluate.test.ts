import { describe, expect, test } from "vitest";
import type { Actor } from "../../context.ts";
import { BUILT_IN_ROLES } from "../roles/built-in.ts";
import type { Circumstances } from "./circumstances.ts";
import { compileDecisionTable, type GrantRow } from "./compile.ts";
import type { Decision, DecisionInput, Impersonation } from "./decision.ts";
import { evaluateDecision } from "./evaluate.ts";
import type { RequestAttributes } from "./request-attributes.ts";
import { DEFAULT_RECORDING, PolicyRule } from "./schema.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const CIRCUMSTANCES: Circumstances = {
  time: NOW,
  clientAddress: null,
  accessMethod: "CLI",
  sessionKind: null,
  secondFactorAt: null,
};
const PROD = { id: "c-prod", name: "prod" };
const STAGING = { id: "c-staging", name: "staging" };
const ALICE: Extract<Actor, { kind: "user" }> = {
  kind: "user",
  id: "u-alice",
  name: "Alice",
  email: "alice@acme.example",
  consoleRole: "user",
  groups: ["payments-developers"],
  groupIds: ["g-payments-developers"],
};
const SCANNER: Extract<Actor, { kind: "application" }> = {
  kind: "application",
  id: "a-scanner",
  name: "scanner",
  consoleRole: "auditor",
};

function roleNamed(name: string): GrantRow["role"] {
  const role = BUILT_IN_ROLES.find((each) => each.name === name)!;
  return { ...role, id: `r-${name}`, recording: DEFAULT_RECORDING };
}

function customRole(name: string, rules: unknown[]): GrantRow["role"] {
  const lists = {
    kubernetesGroups: [`groups:${name}`],
    impersonateUsers: [],
    impersonateGroups: [],
    recording: DEFAULT_RECORDING,
  };
  return { id: `r-${name}`, name, rules: rules.map((rule) => PolicyRule.parse(rule)), ...lists };
}

let grants = 0;
function grant(row: Partial<GrantRow> & Pick<GrantRow, "role">): GrantRow {
  grants += 1;
  const everywhere = { clusterId: PROD.id, namespaces: [], expiresAt: null };
  return {
    grantId: `g-${grants}`,
    subjectKind: "user",
    subject: ALICE.id,
    ...everywhere,
    ...row,
  } as GrantRow;
}

/** "create apps deployments/scale in payments named web", "get /version" */
function request(text: string): RequestAttributes {
  const none = { apiGroup: "", namespace: "", resource: "", subresource: "", name: "" };
  const [verb = "", what = "", ...rest] = text.split(" ");
  if (what.startsWith("/")) return { ...none, isResourceRequest: false, path: what, verb };
  const resource = rest[0] && !["in", "named"].includes(rest[0]) ? rest.shift()! : what;
  const after = (word: string) => rest[rest.indexOf(word) + 1] ?? "";
  const [kind = "", subresource = ""] = resource.split("/");
  return {
    isResourceRequest: true,
    path: "/apis/…",
    verb,
    apiGroup: resource === what ? "" : what,
    resource: kind,
    subresource,
    namespace: rest.includes("in") ? after("in") : "",
    name: rest.includes("named") ? after("named") : "",
  };
}

interface Case {
  actor?: Actor;
  cluster?: typeof PROD;
  impersonation?: Impersonation;
  circumstances?: Partial<Circumstances>;
}

function ask(
  rows: GrantRow[],
  text: string,
  { actor = ALICE, cluster = PROD, impersonation, circumstances }: Case = {},
): Decision {
  const input = {
    actor,
    cluster,
    attributes: request(text),
    circumstances: { ...CIRCUMSTANCES, ...circumstances },
    impersonation: impersonation ?? null,
  };
  return evaluateDecision(compileDecisionTable(rows), input);
}

const verdict = (decision: Decision) => (decision.allowed ? decision.role : "denied");
const reason = (decision: Decision) => (decision.allowed ? "" : decision.reason);

describe("developer in the namespaces payments and checkout", () => {
  const rows = [grant({ role: roleNamed("developer"), namespaces: ["payments", "checkout"] })];

  test.each([
    ["list pods in payments", "developer"],
    ["watch pods in checkout", "developer"],
    ["get pods/log in payments named web", "developer"],
    ["create pods/exec in payments named web", "developer"],
    // A WebSocket exec is a GET: kubernetes/kubernetes#78741.
    ["get pods/exec in payments named web", "developer"],
    ["get pods/portforward in payments named web", "developer"],
    ["patch apps deployments in payments named web", "developer"],
    ["patch apps deployments/scale in payments named web", "developer"],
    ["deletecollection batch jobs in payments", "developer"],
    ["patch pods/ephemeralcontainers in payments named web", "developer"],
    ["get secrets in payments named db", "developer"],
    ["get namespaces in payments named payments", "developer"],
    ["get /api", "developer"],
    ["get /apis/apps/v1", "developer"],
    ["get /openapi/v3", "developer"],
    ["get /version", "developer"],
    ["create authorization.k8s.io selfsubjectaccessreviews", "developer"],
    ["create authentication.k8s.io selfsubjectreviews", "developer"],
    ["list pods in kube-system", "denied"],
    ["list pods", "denied"],
    ["list namespaces", "denied"],
    ["delete namespaces in payments named payments", "denied"],
    ["get namespaces in kube-system named kube-system", "denied"],
    ["list nodes", "denied"],
    ["create rbac.authorization.k8s.io rolebindings in payments", "denied"],
    ["create serviceaccounts/token in payments named default", "denied"],
    ["get pods/proxy in payments named web", "denied"],
    ["get services/proxy in payments named web", "denied"],
    ["proxy pods in payments named web", "denied"],
    ["get /metrics", "denied"],
    ["post /version", "denied"],
    ["create authorization.k8s.io subjectaccessreviews", "denied"],
  ])("%s: %s", (text, expected) => {
    expect(verdict(ask(rows, text))).toBe(expected);
  });

  test("says how to narrow a call over all namespaces", () => {
    expect(reason(ask(rows, "list pods"))).toBe(
      'User "alice@acme.example" cannot list resource "pods" in API group "" at the cluster scope: ' +
        "role developer covers namespaces payments, checkout: add -n <namespace>",
    );
  });

  test("names the namespaces that are covered when another is asked for", () => {
    expect(reason(ask(rows, "list pods in kube-system"))).toBe(
      'User "alice@acme.example" cannot list resource "pods" in API group "" in the namespace "kube-system": ' +
        "role developer covers namespaces payments, checkout",
    );
  });

  test("counts on its own cluster alone", () => {
    const decision = ask(rows, "get /api", { cluster: STAGING });
    expect(reason(decision)).toContain(
      'no role is granted to you in cluster "staging"; ask an administrator',
    );
  });

  test("impersonates the person with the role's groups and nothing else", () => {
    expect(ask(rows, "list pods in payments")).toMatchObject({
      roleId: "r-developer",
      impersonate: { user: "alice@acme.example", groups: ["kubewitness:developer"], extra: {} },
    });
  });
});

describe("read-only", () => {
  const rows = [grant({ role: roleNamed("read-only") })];

  test.each([
    ["list pods", "read-only"],
    ["list nodes", "read-only"],
    ["watch acme.example backups in payments", "read-only"],
    ["get pods/log in payments named web", "read-only"],
    ["get secrets in payments named db", "denied"],
    ["list secrets", "denied"],
    ["create pods in payments", "denied"],
    ["get pods/exec in payments named web", "denied"],
    ["get pods/attach in payments named web", "denied"],
    ["get pods/portforward in payments named web", "denied"],
    ["get nodes/proxy named node-1", "denied"],
    ["get pods/proxy in payments named web", "denied"],
    ["get services/proxy in payments named web", "denied"],
    ["proxy nodes named node-1", "denied"],
  ])("%s: %s", (text, expected) => {
    expect(verdict(ask(rows, text))).toBe(expected);
  });
});

describe("cluster-admin", () => {
  const rows = [grant({ role: roleNamed("cluster-admin"), clusterId: null })];

  test.each([
    ["delete nodes named node-1", "cluster-admin"],
    ["create pods/exec in kube-system named dns", "cluster-admin"],
    ["get services/proxy in payments named web", "cluster-admin"],
    ["get pods/proxy in payments named web", "cluster-admin"],
    ["get /metrics", "cluster-admin"],
    ["get nodes/proxy named node-1", "denied"],
    ["create nodes/proxy named node-1", "denied"],
    ["proxy nodes named node-1", "denied"],
  ])("%s: %s", (text, expected) => {
    expect(verdict(ask(rows, text))).toBe(expected);
  });

  test.each([
    [{ user: "bob@acme.example", groups: [] }, "cluster-admin"],
    [{ user: "bob@acme.example", groups: ["developers"] }, "cluster-admin"],
    [{ user: "system:serviceaccount:payments:web", groups: ["system:serviceaccounts"] }, "cluster-admin"],
    [{ user: "system:admin", groups: [] }, "denied"],
    [{ user: "system:kube-controller-manager", groups: [] }, "denied"],
    [{ user: "bob@acme.example", groups: ["system:masters"] }, "denied"],
  ])("--as %o: %s", (impersonation, expected) => {
    const decision = ask(rows, "list pods", { impersonation });
    expect(verdict(decision)).toBe(expected);
    if (decision.allowed) expect(decision.impersonate).toMatchObject(impersonation);
  });
});

describe("--as with a role that permits none", () => {
  const rows = [grant({ role: roleNamed("developer") })];

  test.each(["list pods in payments", "get /api", "create authorization.k8s.io selfsubjectaccessreviews"])(
    "%s is denied",
    (text) => {
      const decision = ask(rows, text, { impersonation: { user: "bob", groups: ["admins"] } });
      expect(reason(decision)).toBe(
        'User "alice@acme.example" cannot impersonate user "bob", group "admins" in cluster "prod": ' +
          "role developer does not permit it; leave out --as and --as-group",
      );
    },
  );
});

describe("grants", () => {
  test("nobody is allowed anything by default", () => {
    for (const actor of [ALICE, SCANNER, { kind: "anonymous" }, { kind: "system", name: "x" }] as Actor[]) {
      expect(verdict(ask([], "get /api", { actor }))).toBe("denied");
    }
  });

  test("count for a group's members and for applications", () => {
    const group = grant({
      role: roleNamed("read-only"),
      subjectKind: "group",
      subject: "g-payments-developers",
    });
    const application = grant({
      role: roleNamed("read-only"),
      subjectKind: "application",
      subject: SCANNER.id,
    });
    expect(verdict(ask([group], "list pods"))).toBe("read-only");
    expect(verdict(ask([group], "list pods", { actor: SCANNER }))).toBe("denied");
    expect(ask([application], "list pods", { actor: SCANNER })).toMatchObject({
      impersonate: { user: "application:scanner" },
    });
    expect(verdict(ask([application], "list pods"))).toBe("denied");
  });

  test("a group's name is not a person's id", () => {
    const row = grant({ role: roleNamed("read-only"), subjectKind: "group", subject: ALICE.id });
    expect(verdict(ask([row], "list pods"))).toBe("denied");
  });

  test("end at their time, and the denial says so", () => {
    const row = grant({ role: roleNamed("developer"), expiresAt: new Date(NOW) });
    expect(reason(ask([row], "list pods"))).toContain(
      'your grant in cluster "prod" (role developer) expired at 2026-11-20T12:00:00.000Z',
    );
    const later = grant({ role: roleNamed("developer"), expiresAt: new Date(NOW + 1) });
    expect(verdict(ask([later], "list pods"))).toBe("developer");
  });

  test("the narrowest that allows the call is the one that is named", () => {
    const everywhere = grant({ role: roleNamed("cluster-admin"), clusterId: null });
    const here = grant({ role: roleNamed("read-only") });
    const narrow = grant({ role: roleNamed("developer"), namespaces: ["payments"] });
    const rows = [everywhere, here, narrow];
    expect(verdict(ask(rows, "list pods in payments"))).toBe("developer");
    expect(verdict(ask(rows, "list pods"))).toBe("read-only");
    expect(verdict(ask(rows, "delete nodes named node-1"))).toBe("cluster-admin");
  });
});

describe("how long a decision stands", () => {
  const until = (decision: Decision) => (decision.allowed ? decision.until : null);

  test("for ever, or as long as the grant that allows it", () => {
    const ends = new Date(NOW + 60_000);
    const short = grant({ role: roleNamed("developer"), expiresAt: ends, namespaces: ["payments"] });
    const rows = [short, grant({ role: roleNamed("read-only") })];
    expect(until(ask(rows, "list pods in payments"))).toBe(ends.getTime());
    expect(until(ask(rows, "list pods in checkout"))).toBe(Number.POSITIVE_INFINITY);
    expect(until(ask(rows, "get /api"))).toBe(ends.getTime());
  });

  test("until something that denies it begins to count", () => {
    const all = { effect: "allow", apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
    const rows = [
      grant({ role: customRole("all", [all]), expiresAt: new Date(NOW + 60_000) }),
      grant({ role: customRole("night", [{ ...all, effect: "deny", resources: ["pods"] }]) }),
    ];
    const compiled = compileDecisionTable(rows);
    const evening = NOW + 1_000;
    const fromEvening = {
      standing: ({ time }: Circumstances) =>
        time < evening
          ? { holds: false, since: Number.NEGATIVE_INFINITY, until: evening }
          : { holds: true, since: evening, until: Number.POSITIVE_INFINITY },
      unmet: "begins in the evening",
    };
    const table: typeof compiled = {
      ...compiled,
      grantsOn: (actor, clusterId) =>
        compiled
          .grantsOn(actor, clusterId)
          .map((each) => (each.role.name === "night" ? { ...each, conditions: [fromEvening] } : each)),
    };
    const decideAt = (time: number, text: string) =>
      evaluateDecision(table, {
        actor: ALICE,
        cluster: PROD,
        attributes: request(text),
        circumstances: { ...CIRCUMSTANCES, time },
        impersonation: null,
      });
    expect(until(decideAt(NOW, "list pods in payments"))).toBe(evening);
    expect(until(decideAt(NOW, "list services in payments"))).toBe(NOW + 60_000);
    expect(reason(decideAt(evening, "list pods in payments"))).toContain("role night denies it");
  });
});

describe("deny rules", () => {
  const all = { effect: "allow", apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
  const denySecrets = { effect: "deny", apiGroups: [""], resources: ["secrets"], verbs: ["*"] };

  test("win over every allow, also of another role", () => {
    const rows = [
      grant({ role: roleNamed("cluster-admin") }),
      grant({ role: customRole("no-secrets", [denySecrets]) }),
    ];
    expect(reason(ask(rows, "get secrets in payments named db"))).toContain("role no-secrets denies it");
    expect(verdict(ask(rows, "list pods"))).toBe("cluster-admin");
  });

  test("of a grant in namespaces reach calls there, and those over all namespaces that would touch them", () => {
    const rows = [
      grant({ role: customRole("all", [all]) }),
      grant({ role: customRole("no-secrets", [denySecrets]), namespaces: ["payments"] }),
    ];
    expect(verdict(ask(rows, "get secrets in payments named db"))).toBe("denied");
    expect(verdict(ask(rows, "list secrets"))).toBe("denied");
    expect(verdict(ask(rows, "get secrets in checkout named db"))).toBe("all");
  });

  test("that name objects reach calls that name none, and rules that allow by name do not", () => {
    const named = { ...denySecrets, names: ["db", "tls-*"] };
    const rows = [grant({ role: customRole("all", [all]) }), grant({ role: customRole("named", [named]) })];
    expect(verdict(ask(rows, "get secrets in payments named db"))).toBe("denied");
    expect(verdict(ask(rows, "get secrets in payments named tls-web"))).toBe("denied");
    expect(verdict(ask(rows, "list secrets in payments"))).toBe("denied");
    expect(verdict(ask(rows, "get secrets in payments named other"))).toBe("all");
    const allowNamed = { ...all, names: ["db"] };
    const allowing = [grant({ role: customRole("named", [allowNamed]) })];
    expect(verdict(ask(allowing, "get secrets in payments named db"))).toBe("named");
    expect(verdict(ask(allowing, "list secrets in payments"))).toBe("denied");
  });

  test("with a wildcard deny proxies too", () => {
    const rule = { effect: "deny", apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
    const rows = [
      grant({ role: roleNamed("cluster-admin") }),
      grant({ role: customRole("frozen", [rule]), namespaces: ["payments"] }),
    ];
    expect(verdict(ask(rows, "get pods/proxy in payments named web"))).toBe("denied");
    expect(verdict(ask(rows, "get pods/proxy in checkout named web"))).toBe("cluster-admin");
  });

  test("may reach discovery", () => {
    const rule = { effect: "deny", verbs: ["*"], nonResourceURLs: ["/openapi/*"] };
    const rows = [grant({ role: customRole("closed", [all, rule]) })];
    expect(verdict(ask(rows, "get /openapi/v3"))).toBe("denied");
    expect(verdict(ask(rows, "get /api"))).toBe("closed");
  });
});

describe("resources of a rule", () => {
  const allowing = (resources: string[], extra: object = {}) => [
    grant({
      role: customRole("r", [{ effect: "allow", apiGroups: [""], resources, verbs: ["*"], ...extra }]),
    }),
  ];

  test.each([
    [["pods"], "get pods in a named x", true],
    [["pods"], "get pods/log in a named x", false],
    [["pods/log"], "get pods/log in a named x", true],
    [["pods/log"], "get pods in a named x", false],
    [["pods/*"], "get pods/log in a named x", true],
    [["pods/*"], "get pods/proxy in a named x", false],
    [["*/status"], "get pods/status in a named x", true],
    [["*/status"], "get pods in a named x", false],
    [["*/proxy"], "get pods/proxy in a named x", false],
    [["*"], "get nodes/proxy named x", false],
    [["nodes/proxy"], "get nodes/proxy named x", true],
    [["*"], "get pods/exec in a named x", true],
    [["pods"], "get apps pods in a named x", false],
  ] as const)("%o and %s: %s", (resources, text, allowed) => {
    expect(ask(allowing([...resources]), text).allowed).toBe(allowed);
  });

  test("a rule for get does not open exec by a WebSocket's GET", () => {
    const rows = allowing(["pods/exec"], { verbs: ["get"] });
    expect(ask(rows, "get pods/exec in a named x").allowed).toBe(false);
  });
});

describe("what a grant allows somebody is one object, and never an earlier one", () => {
  const ask = (table: ReturnType<typeof compileDecisionTable>, given: Partial<DecisionInput> = {}) => {
    const decision = evaluateDecision(table, {
      actor: ALICE,
      cluster: PROD,
      attributes: request("list pods in payments"),
      circumstances: CIRCUMSTANCES,
      impersonation: null,
      ...given,
    });
    if (!decision.allowed) throw new Error(decision.reason);
    return decision;
  };

  test("the same as long as nothing changes", () => {
    const table = compileDecisionTable([grant({ role: roleNamed("developer") })]);
    expect(ask(table)).toBe(ask(table));
    expect(Object.isFrozen(ask(table).impersonate.groups)).toBe(true);
  });

  test("another of another table, person, or time until which it stands", () => {
    const role = customRole("r", [{ effect: "allow", apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]);
    const rows = [grant({ role: { ...role, kubernetesGroups: ["before"] } })];
    const table = compileDecisionTable(rows);
    const changed = compileDecisionTable([{ ...rows[0]!, role: { ...role, kubernetesGroups: ["after"] } }]);
    expect(ask(table).impersonate.groups).toEqual(["before"]);
    expect(ask(changed).impersonate.groups).toEqual(["after"]);
    const renamed = { ...ALICE, email: "alice@other.example" };
    expect(ask(table, { actor: renamed }).impersonate.user).toBe("alice@other.example");
    const hours = { from: "00:00", to: "12:00" };
    const rule = {
      effect: "allow",
      apiGroups: ["*"],
      resources: ["*"],
      verbs: ["*"],
      when: { hours, timeZone: "UTC" },
    };
    const daily = compileDecisionTable([grant({ role: customRole("mornings", [rule]) })]);
    const morning = Date.UTC(2026, 10, 20, 8);
    const at = (time: number) => ask(daily, { circumstances: { ...CIRCUMSTANCES, time } }).until;
    expect(at(morning)).toBe(Date.UTC(2026, 10, 20, 12));
    expect(at(morning + 86_400_000)).toBe(Date.UTC(2026, 10, 21, 12));
  });

  test("another of who stands in for somebody", () => {
    const role = { ...roleNamed("developer"), impersonateUsers: ["robot-*"], impersonateGroups: ["*"] };
    const table = compileDecisionTable([grant({ role })]);
    const as = (user: string) => ask(table, { impersonation: { user, groups: ["g"] } }).impersonate;
    expect(as("robot-1")).toMatchObject({ user: "robot-1", groups: ["g"] });
    expect(as("robot-2")).toMatchObject({ user: "robot-2", groups: ["g"] });
    expect(ask(table).impersonate.user).toBe(ALICE.email);
  });

  test("a grant on another cluster is not found by what was found on this one", () => {
    const other = { id: "other", name: "other" };
    const table = compileDecisionTable([grant({ role: roleNamed("developer"), clusterId: PROD.id })]);
    expect(ask(table).allowed).toBe(true);
    expect(() => ask(table, { cluster: other })).toThrow("no role is granted");
    expect(ask(table).allowed).toBe(true);
  });
});
