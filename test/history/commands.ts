import type { Random } from "./random.ts";

/** One API call of a command: what kube-apiserver's RequestInfo says of it. */
export interface PlannedCall {
  verb: string;
  resource: string;
  /** Whether the call names one object. */
  named: boolean;
  body?: (name: string, random: Random) => string;
  /** Long-running: recorded at start and at end, this long after (milliseconds). */
  session?: { start: string; end: string; maxMs: number };
}

/** A command as people type it, the calls it becomes, and how often it is used. */
export interface Command {
  weight: number;
  /** `%n` stands for the object's name. */
  line: string;
  calls: PlannedCall[];
}

const get = (resource: string): PlannedCall => ({ verb: "get", resource, named: true });
const list = (resource: string): PlannedCall => ({ verb: "list", resource, named: false });

const deploymentPatch = (name: string, random: Random): string =>
  `spec:\n  template:\n    spec:\n      containers:\n        - name: ${name}\n          image: registry.acme.example/${name}:${random.integer(1, 9)}.${random.integer(0, 40)}.${random.integer(0, 9)}\n`;
const configMap = (name: string, random: Random): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  rollout: "${random.integer(0, 100)}"\n  theme: ${random.pick(["dark", "light"])}\n`;
const secret = (name: string, random: Random): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\ntype: Opaque\ndata:\n  password: "[redacted ${random.integer(16, 64)} bytes]"\n`;
const deleteOptions = (): string => "apiVersion: v1\nkind: DeleteOptions\npropagationPolicy: Background\n";
const exec = (maxMs: number) => ({
  start: "Session started: container api",
  end: "Session ended: container api, exit code 0",
  maxMs,
});

export const COMMANDS: readonly Command[] = [
  { weight: 26, line: "kubectl get pods", calls: [list("pods")] },
  { weight: 9, line: "kubectl get deployments", calls: [list("deployments")] },
  { weight: 7, line: "kubectl describe pod %n", calls: [get("pods"), list("events")] },
  { weight: 9, line: "kubectl get deployment %n -o yaml", calls: [get("deployments")] },
  { weight: 5, line: "kubectl get configmap %n -o yaml", calls: [get("configmaps")] },
  { weight: 2, line: "kubectl get secret %n -o yaml", calls: [get("secrets")] },
  { weight: 4, line: "kubectl get services", calls: [list("services")] },
  { weight: 2, line: "kubectl get nodes", calls: [list("nodes")] },
  { weight: 2, line: "kubectl get certificates", calls: [list("certificates")] },
  { weight: 6, line: "kubectl logs %n", calls: [get("pods"), get("pods/log")] },
  {
    weight: 3,
    line: "kubectl get pods --watch",
    calls: [
      list("pods"),
      {
        verb: "watch",
        resource: "pods",
        named: false,
        session: { start: "Watch started", end: "Watch ended", maxMs: 3_600_000 },
      },
    ],
  },
  {
    weight: 5,
    line: "kubectl apply -f deployment.yaml",
    calls: [
      get("deployments"),
      { verb: "patch", resource: "deployments", named: true, body: deploymentPatch },
    ],
  },
  {
    weight: 2,
    line: "kubectl apply -f configmap.yaml",
    calls: [get("configmaps"), { verb: "patch", resource: "configmaps", named: true, body: configMap }],
  },
  {
    weight: 1,
    line: "kubectl create -f job.yaml",
    calls: [{ verb: "create", resource: "jobs", named: true, body: configMap }],
  },
  {
    weight: 1,
    line: "kubectl create secret generic %n",
    calls: [{ verb: "create", resource: "secrets", named: true, body: secret }],
  },
  {
    weight: 2,
    line: "kubectl delete pod %n",
    calls: [{ verb: "delete", resource: "pods", named: true, body: deleteOptions }],
  },
  {
    weight: 0.6,
    line: "kubectl delete secret %n",
    calls: [{ verb: "delete", resource: "secrets", named: true, body: deleteOptions }],
  },
  {
    weight: 0.2,
    line: "kubectl delete jobs --all",
    calls: [{ verb: "deletecollection", resource: "jobs", named: false, body: deleteOptions }],
  },
  {
    weight: 2.5,
    line: "kubectl exec -it %n -- sh",
    calls: [get("pods"), { verb: "create", resource: "pods/exec", named: true, session: exec(1_800_000) }],
  },
  {
    weight: 1,
    line: "kubectl port-forward %n 8080",
    calls: [
      get("pods"),
      {
        verb: "create",
        resource: "pods/portforward",
        named: true,
        session: { start: "Session started: port 8080", end: "Session ended: port 8080", maxMs: 7_200_000 },
      },
    ],
  },
  {
    weight: 1.5,
    line: "kubectl scale deployment %n --replicas=3",
    calls: [
      get("deployments"),
      {
        verb: "patch",
        resource: "deployments/scale",
        named: true,
        body: (_name, random) => `spec:\n  replicas: ${random.integer(1, 9)}\n`,
      },
    ],
  },
  { weight: 1.2, line: "kubectl version", calls: [{ verb: "get", resource: "/version", named: false }] },
];
