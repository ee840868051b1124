import { type Fields, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import { ensureFields, setDefault } from "./setters.ts";

function setProbeDefaults(probe: unknown): void {
  if (!isFields(probe)) return;
  setDefault(probe, "timeoutSeconds", 1);
  setDefault(probe, "periodSeconds", 10);
  setDefault(probe, "successThreshold", 1);
  setDefault(probe, "failureThreshold", 3);
  if (isFields(probe.httpGet)) {
    setDefault(probe.httpGet, "path", "/");
    setDefault(probe.httpGet, "scheme", "HTTP");
  }
}

function pullPolicyOf(image: string): string {
  const tag = /:([^/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === "latest" ? "Always" : "IfNotPresent";
}

function setContainerDefaults(container: Fields): void {
  setDefault(container, "terminationMessagePath", "/dev/termination-log");
  setDefault(container, "terminationMessagePolicy", "File");
  setDefault(container, "imagePullPolicy", pullPolicyOf(textOf(container.image)));
  setDefault(container, "resources", {});
  for (const port of listOf(container.ports)) {
    if (isFields(port)) setDefault(port, "protocol", "TCP");
  }
  for (const variable of listOf(container.env)) {
    const reference = fieldsOf(fieldsOf(variable).valueFrom).fieldRef;
    if (isFields(reference)) setDefault(reference, "apiVersion", "v1");
  }
  for (const name of ["livenessProbe", "readinessProbe", "startupProbe"]) setProbeDefaults(container[name]);
  const { limits, requests } = fieldsOf(container.resources);
  if (isFields(limits)) fieldsOf(container.resources).requests = { ...limits, ...fieldsOf(requests) };
}

function setVolumeDefaults(volume: unknown): void {
  if (!isFields(volume)) return;
  for (const source of ["secret", "configMap", "downwardAPI", "projected"]) {
    if (isFields(volume[source])) setDefault(volume[source], "defaultMode", 420);
  }
  if (isFields(volume.hostPath)) setDefault(volume.hostPath, "type", "");
  const hasSource = Object.keys(volume).length > 1;
  if (!hasSource) volume.emptyDir = {};
}

/** The defaults of a pod's spec, also within templates. */
export function setPodSpecDefaults(spec: Fields): void {
  setDefault(spec, "restartPolicy", "Always");
  setDefault(spec, "terminationGracePeriodSeconds", 30);
  setDefault(spec, "dnsPolicy", "ClusterFirst");
  setDefault(spec, "securityContext", {});
  setDefault(spec, "schedulerName", "default-scheduler");
  if (typeof spec.serviceAccountName === "string")
    setDefault(spec, "serviceAccount", spec.serviceAccountName);
  else if (typeof spec.serviceAccount === "string") spec.serviceAccountName = spec.serviceAccount;
  for (const list of ["initContainers", "containers", "ephemeralContainers"]) {
    for (const container of listOf(spec[list])) if (isFields(container)) setContainerDefaults(container);
  }
  for (const volume of listOf(spec.volumes)) setVolumeDefaults(volume);
}

export function setPodTemplateDefaults(holder: Fields): void {
  const template = ensureFields(holder, "template");
  const metadata = ensureFields(template, "metadata");
  setDefault(metadata, "creationTimestamp", null);
  setPodSpecDefaults(ensureFields(template, "spec"));
}

const serviceAccountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

function tokenVolume(name: string): Fields {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          downwardAPI: {
            items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
          },
        },
      ],
      defaultMode: 420,
    },
  };
}

/** What the ServiceAccount, Priority and DefaultTolerationSeconds admission plugins add to a pod. */
export function admitPodSpec(spec: Fields, suffix: string): void {
  setDefault(spec, "serviceAccountName", "default");
  setDefault(spec, "serviceAccount", spec.serviceAccountName);
  setDefault(spec, "enableServiceLinks", true);
  setDefault(spec, "priority", 0);
  setDefault(spec, "preemptionPolicy", "PreemptLowerPriority");
  const volumes = listOf(spec.volumes);
  const hasToken = volumes.some((volume) => textOf(fieldsOf(volume).name).startsWith("kube-api-access-"));
  if (!hasToken && spec.automountServiceAccountToken !== false) {
    const name = `kube-api-access-${suffix}`;
    spec.volumes = [...volumes, tokenVolume(name)];
    for (const list of ["initContainers", "containers"]) {
      for (const container of listOf(spec[list]).filter(isFields)) {
        const mounts = listOf(container.volumeMounts);
        container.volumeMounts = [...mounts, { name, readOnly: true, mountPath: serviceAccountPath }];
      }
    }
  }
  const tolerations = listOf(spec.tolerations);
  const tolerated = new Set(tolerations.map((toleration) => fieldsOf(toleration).key));
  const missing = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].filter(
    (key) => !tolerated.has(key) && !tolerated.has(undefined),
  );
  const added = missing.map((key) => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: 300,
  }));
  if (tolerations.length > 0 || added.length > 0) spec.tolerations = [...tolerations, ...added];
}
