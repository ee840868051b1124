import { CLUSTER } from "./support/cluster.ts";
import { clusterPath, deletedLines } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { expect, test } from "./support/test.ts";
import { checkVerb, type VerbCase } from "./support/verb-cases.ts";

const NAMESPACE = ["-n", CLUSTER.namespace];
const COLLECTION = await clusterPath(`/api/v1/namespaces/${CLUSTER.namespace}/configmaps`);
const DELETE = `${JSON.stringify({ propagationPolicy: "Background" })}\n`;
const DELETED = { yaml: "propagationPolicy: Background\n", sent: DELETE };

function manifest(kind: string, name: string, more: object): string {
  return JSON.stringify({ apiVersion: "v1", kind, metadata: { name }, ...more });
}

/** As kubectl sends a manifest: keys in order, a line feed at the end. */
function asSent(kind: string, name: string, [key, value]: [string, object]): string {
  const head = { apiVersion: "v1", ...(key < "kind" ? { [key]: value } : {}), kind };
  const metadata = { name, namespace: CLUSTER.namespace };
  return `${JSON.stringify({ ...head, metadata, ...(key > "kind" ? { [key]: value } : {}) })}\n`;
}

const found = (resource: string, name: string) => ({ verb: "get", resource, resourceName: name });
const notFound = (resource: string, name: string) => ({
  ...found(resource, name),
  httpStatus: 404,
  message: `${resource} "${name}" not found`,
});
const sentBytes = (text: string) => ({ bytesIn: Buffer.byteLength(text) });

test.describe
  .serial("a configmap", () => {
    const name = ownName("map");
    const patch = (type: string, body: string, yaml: string): VerbCase => ({
      does: `is patched (${type})`,
      args: [...NAMESPACE, "patch", "configmap", name, `--type=${type}`, "-p", body],
      stdout: `configmap/${name} patched\n`,
      command: "kubectl patch",
      calls: [
        found("configmaps", name),
        { verb: "patch", resource: "configmaps", resourceName: name, ...sentBytes(body) },
      ],
      body: { yaml, sent: body },
    });
    const cases: VerbCase[] = [
      {
        does: "is created from a manifest",
        args: [...NAMESPACE, "create", "-f", "-"],
        options: { stdin: manifest("ConfigMap", name, { data: { colour: "green" } }) },
        stdout: `configmap/${name} created\n`,
        command: "kubectl create",
        calls: [
          {
            verb: "create",
            resource: "configmaps",
            resourceName: name,
            httpStatus: 201,
            ...sentBytes(asSent("ConfigMap", name, ["data", { colour: "green" }])),
          },
        ],
        body: {
          yaml: `apiVersion: v1\ndata:\n  colour: green\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${CLUSTER.namespace}\n`,
          sent: asSent("ConfigMap", name, ["data", { colour: "green" }]),
        },
      },
      {
        does: "is edited",
        args: [...NAMESPACE, "edit", "configmap", name],
        options: { env: { KUBE_EDITOR: "sed -i s/green/blue/" } },
        stdout: `configmap/${name} edited\n`,
        command: "kubectl edit",
        calls: [
          found("configmaps", name),
          {
            verb: "patch",
            resource: "configmaps",
            resourceName: name,
            ...sentBytes('{"data":{"colour":"blue"}}'),
          },
        ],
        body: { yaml: "data:\n  colour: blue\n", sent: '{"data":{"colour":"blue"}}' },
      },
      patch(
        "json",
        '[{"op":"replace","path":"/data/colour","value":"red"}]',
        "- op: replace\n  path: /data/colour\n  value: red\n",
      ),
      patch("merge", '{"data":{"shape":"1"}}', 'data:\n  shape: "1"\n'),
      patch(
        "strategic",
        '{"metadata":{"labels":{"tier":"front"}}}',
        "metadata:\n  labels:\n    tier: front\n",
      ),
      {
        does: "has what was patched in",
        args: [...NAMESPACE, "get", "configmap", name, "-o", "jsonpath={.data} {.metadata.labels}"],
        stdout: '{"colour":"red","shape":"1"} {"tier":"front"}',
        command: "kubectl get",
        calls: [found("configmaps", name)],
      },
      {
        does: "is replaced",
        args: [...NAMESPACE, "replace", "-f", "-"],
        options: { stdin: manifest("ConfigMap", name, { data: { colour: "white" } }) },
        stdout: `configmap/${name} replaced\n`,
        command: "kubectl replace",
        calls: [
          found("configmaps", name),
          { verb: "update", resource: "configmaps", resourceName: name, bytesIn: expect.any(Number) },
        ],
      },
      {
        does: "is deleted",
        args: [...NAMESPACE, "delete", "configmap", name],
        stdout: deletedLines(`configmap "${name}"`),
        command: "kubectl delete",
        calls: [
          { verb: "delete", resource: "configmaps", resourceName: name, ...sentBytes(DELETE) },
          notFound("configmaps", name),
        ],
        body: DELETED,
      },
      {
        does: "is not found any more",
        args: [...NAMESPACE, "get", "configmap", name],
        code: 1,
        stderr: `Error from server (NotFound): configmaps "${name}" not found\n`,
        command: "kubectl get",
        // kubectl looks whether it is the namespace that is missing.
        calls: [notFound("configmaps", name), found("namespaces", CLUSTER.namespace)],
      },
    ];
    for (const each of cases) test(each.does, ({ readingPage }) => checkVerb(each, readingPage));
  });

test.describe
  .serial("apply", () => {
    const name = ownName("applied");
    const serverSide = ownName("server-side");
    const applied = (value: string) =>
      `{"apiVersion":"v1","data":{"a":"${value}"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"${name}","namespace":"${CLUSTER.namespace}"}}`;
    const annotation = (value: string) =>
      `  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      ${applied(value)}\n`;
    const apply = (value: string) => ({
      args: [...NAMESPACE, "apply", "-f", "-"],
      options: { stdin: manifest("ConfigMap", name, { data: { a: value } }) },
      command: "kubectl apply",
    });
    const patched = JSON.stringify({
      data: { a: "c" },
      metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": `${applied("c")}\n` } },
    });
    const serverSideBody = asSent("ConfigMap", serverSide, ["data", { a: "b" }]);
    const cases: VerbCase[] = [
      {
        does: "creates what is not there",
        ...apply("b"),
        stdout: `configmap/${name} created\n`,
        calls: [
          notFound("configmaps", name),
          found("namespaces", CLUSTER.namespace),
          {
            verb: "create",
            resource: "configmaps",
            resourceName: name,
            httpStatus: 201,
            bytesIn: expect.any(Number),
          },
        ],
      },
      {
        does: "changes what is",
        ...apply("c"),
        stdout: `configmap/${name} configured\n`,
        calls: [
          found("configmaps", name),
          { verb: "patch", resource: "configmaps", resourceName: name, ...sentBytes(patched) },
        ],
        body: { yaml: `data:\n  a: c\nmetadata:\n${annotation("c")}`, sent: patched },
      },
      {
        does: "leaves what is the same",
        ...apply("c"),
        stdout: `configmap/${name} unchanged\n`,
        calls: [found("configmaps", name)],
      },
      {
        does: "works on the server's side",
        args: [...NAMESPACE, "apply", "--server-side", "-f", "-"],
        options: { stdin: manifest("ConfigMap", serverSide, { data: { a: "b" } }) },
        stdout: `configmap/${serverSide} serverside-applied\n`,
        command: "kubectl apply",
        calls: [
          {
            verb: "patch",
            resource: "configmaps",
            resourceName: serverSide,
            httpStatus: 201,
            ...sentBytes(serverSideBody),
          },
        ],
        body: {
          yaml: `apiVersion: v1\ndata:\n  a: b\nkind: ConfigMap\nmetadata:\n  name: ${serverSide}\n  namespace: ${CLUSTER.namespace}\n`,
          sent: serverSideBody,
        },
      },
      {
        does: "is undone by deleting several",
        args: [...NAMESPACE, "delete", "configmap", name, serverSide],
        stdout: deletedLines(`configmap "${name}"`, `configmap "${serverSide}"`),
        command: "kubectl delete",
        calls: [
          { verb: "delete", resource: "configmaps", resourceName: name, ...sentBytes(DELETE) },
          { verb: "delete", resource: "configmaps", resourceName: serverSide, ...sentBytes(DELETE) },
          notFound("configmaps", name),
          notFound("configmaps", serverSide),
        ],
      },
    ];
    for (const each of cases) test(each.does, ({ readingPage }) => checkVerb(each, readingPage));
  });

test.describe
  .serial("a collection", () => {
    const [one, two, label] = [ownName("one"), ownName("two"), ownName("collection")];
    const labelled = (name: string) =>
      JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels: { e2e: label } } });
    const created = (name: string) => ({
      verb: "create",
      resource: "configmaps",
      resourceName: name,
      httpStatus: 201,
      bytesIn: expect.any(Number),
    });
    const tried = (name: string) => ({
      verb: "delete",
      resource: "configmaps",
      resourceName: name,
      bytesIn: expect.any(Number),
      message: "Dry run: nothing was changed.",
    });
    const cases: VerbCase[] = [
      {
        does: "is created",
        args: [...NAMESPACE, "create", "-f", "-"],
        options: { stdin: `${labelled(one)}\n---\n${labelled(two)}` },
        stdout: `configmap/${one} created\nconfigmap/${two} created\n`,
        command: "kubectl create",
        calls: [created(one), created(two)],
      },
      {
        does: "is deleted one by one, by its label",
        args: [...NAMESPACE, "delete", "configmap", "-l", `e2e=${label}`, "--dry-run=server"],
        stdout: new RegExp(`^configmap "${one}" deleted .*\\nconfigmap "${two}" deleted`),
        command: "kubectl delete",
        calls: [{ verb: "list", resource: "configmaps" }, tried(one), tried(two)],
      },
      {
        does: "is deleted at once (deletecollection)",
        args: ["delete", "--raw", `${COLLECTION}?labelSelector=e2e%3D${label}`],
        stdout: /"kind":"(ConfigMapList|Status)"/,
        command: "kubectl delete",
        calls: [
          {
            verb: "deletecollection",
            resource: "configmaps",
            message: `Selected by labelSelector e2e=${label}.`,
          },
        ],
      },
      {
        does: "is gone",
        args: [...NAMESPACE, "get", "configmap", "-l", `e2e=${label}`, "-o", "name"],
        stdout: "",
        command: "kubectl get",
        calls: [{ verb: "list", resource: "configmaps" }],
      },
    ];
    for (const each of cases) test(each.does, ({ readingPage }) => checkVerb(each, readingPage));
  });

test.describe
  .serial("a secret", () => {
    const name = ownName("secret");
    const sent = asSent("Secret", name, ["stringData", { password: "correct horse" }]);
    const patched = `{"data":{"password":"${Buffer.from("battery staple").toString("base64")}"}}`;
    const cases: VerbCase[] = [
      {
        does: "is created, its value not in the record",
        args: [...NAMESPACE, "create", "-f", "-"],
        options: { stdin: manifest("Secret", name, { stringData: { password: "correct horse" } }) },
        stdout: `secret/${name} created\n`,
        command: "kubectl create",
        calls: [
          { verb: "create", resource: "secrets", resourceName: name, httpStatus: 201, ...sentBytes(sent) },
        ],
        body: {
          yaml: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: ${CLUSTER.namespace}\nstringData:\n  password: "[redacted 13 bytes]"\n`,
          sent,
        },
      },
      {
        does: "is patched, its value not in the record",
        args: [...NAMESPACE, "patch", "secret", name, "-p", patched],
        stdout: `secret/${name} patched\n`,
        command: "kubectl patch",
        calls: [
          found("secrets", name),
          { verb: "patch", resource: "secrets", resourceName: name, ...sentBytes(patched) },
        ],
        body: { yaml: 'data:\n  password: "[redacted 14 bytes]"\n', sent: patched },
      },
      {
        does: "reached the cluster with its value",
        args: [...NAMESPACE, "get", "secret", name, "-o", "jsonpath={.data.password}"],
        stdout: Buffer.from("battery staple").toString("base64"),
        command: "kubectl get",
        calls: [found("secrets", name)],
      },
      {
        does: "is deleted",
        args: [...NAMESPACE, "delete", "secret", name],
        stdout: deletedLines(`secret "${name}"`),
        command: "kubectl delete",
        calls: [
          { verb: "delete", resource: "secrets", resourceName: name, ...sentBytes(DELETE) },
          notFound("secrets", name),
        ],
        body: DELETED,
      },
    ];
    for (const each of cases) test(each.does, ({ readingPage }) => checkVerb(each, readingPage));
  });
