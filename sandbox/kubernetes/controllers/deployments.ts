import { at, cloneJson, equalJson, type Fields, fieldsOf, numberOf, textOf } from "../objects/fields.ts";
import { formatTime, type KubeObject } from "../objects/object.ts";
import { type Client, ownedBy, ownerReference, watchOwned } from "./controller.ts";
import { recordEvent } from "./events.ts";
import { setCondition } from "./pod-conditions.ts";
import { templateHash } from "./template-hash.ts";

const component = "deployment-controller";
const revisionAnnotation = "deployment.kubernetes.io/revision";
const hashLabel = "pod-template-hash";

function replicasOf(object: KubeObject): number {
  return numberOf(object.spec?.replicas);
}

function available(replicaSet: KubeObject): number {
  return numberOf(at(replicaSet, "status", "availableReplicas"));
}

function sum(sets: KubeObject[], count: (set: KubeObject) => number): number {
  return sets.reduce((total, set) => total + count(set), 0);
}

function revisionOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[revisionAnnotation] ?? 0);
}

/** The template that the deployment's replica set of the same content has, apart from the hash label. */
function templateOf(replicaSet: KubeObject): Fields {
  const template = cloneJson(fieldsOf(replicaSet.spec?.template));
  const labels = fieldsOf(fieldsOf(template.metadata).labels);
  delete labels[hashLabel];
  return template;
}

/** A count or percentage of the replicas: `25%` rounds down for unavailable pods, up for surge. */
function resolve(value: unknown, replicas: number, round: (value: number) => number): number {
  if (typeof value === "number") return value;
  return round((replicas * Number.parseFloat(textOf(value) || "0")) / 100);
}

class Rollout {
  readonly #client: Client;
  readonly #deployment: KubeObject;
  readonly #sets: KubeObject[];
  #current: KubeObject | undefined;

  constructor(client: Client, deployment: KubeObject) {
    this.#client = client;
    this.#deployment = deployment;
    this.#sets = ownedBy(client.list("apps/replicasets", deployment.metadata.namespace), deployment);
    const wanted = fieldsOf(deployment.spec?.template);
    this.#current = this.#sets.find((set) => equalJson(templateOf(set), wanted));
  }

  run(): void {
    const paused = this.#deployment.spec?.paused === true;
    if (!paused) this.#ensureCurrent();
    if (!paused && at(this.#deployment, "spec", "strategy", "type") === "Recreate") this.#recreate();
    else this.#rollForward(paused);
    this.#cleanUp();
    this.#updateStatus();
  }

  get #old(): KubeObject[] {
    return this.#sets.filter((set) => set.metadata.uid !== this.#current?.metadata.uid);
  }

  #ensureCurrent(): void {
    const last = Math.max(0, ...this.#sets.map(revisionOf));
    if (this.#current === undefined) {
      this.#create(last + 1);
      return;
    }
    if (revisionOf(this.#current) === last) {
      this.#annotate(last);
      return;
    }
    const annotations = { ...this.#current.metadata.annotations, [revisionAnnotation]: String(last + 1) };
    this.#current = this.#client.update("apps/replicasets", this.#current, (set) => ({
      ...set,
      metadata: { ...set.metadata, annotations },
    }));
    this.#annotate(last + 1);
  }

  #create(revision: number): void {
    const { metadata, spec } = this.#deployment;
    const template = cloneJson(fieldsOf(spec?.template));
    const hash = templateHash(template);
    const labels = {
      ...(fieldsOf(fieldsOf(template.metadata).labels) as Record<string, string>),
      [hashLabel]: hash,
    };
    template.metadata = { ...fieldsOf(template.metadata), labels };
    const selector = cloneJson(fieldsOf(spec?.selector));
    selector.matchLabels = { ...fieldsOf(selector.matchLabels), [hashLabel]: hash };
    const { "kubectl.kubernetes.io/last-applied-configuration": _applied, ...annotations } =
      metadata.annotations ?? {};
    this.#current = this.#client.create("apps/replicasets", {
      kind: "ReplicaSet",
      apiVersion: "apps/v1",
      metadata: {
        name: `${metadata.name}-${hash}`,
        namespace: metadata.namespace ?? "",
        labels,
        annotations: {
          ...annotations,
          "deployment.kubernetes.io/desired-replicas": String(replicasOf(this.#deployment)),
          "deployment.kubernetes.io/max-replicas": String(replicasOf(this.#deployment) + this.#maxSurge()),
          [revisionAnnotation]: String(revision),
        },
        ownerReferences: [ownerReference(this.#deployment)],
      },
      spec: { replicas: 0, selector, template },
    });
    if (this.#current !== undefined) this.#sets.push(this.#current);
    this.#annotate(revision);
  }

  /** Marks the deployment with the revision it is at. */
  #annotate(revision: number): void {
    if (revisionOf(this.#deployment) === revision) return;
    this.#client.update("apps/deployments", this.#deployment, (deployment) => ({
      ...deployment,
      metadata: {
        ...deployment.metadata,
        annotations: { ...deployment.metadata.annotations, [revisionAnnotation]: String(revision) },
      },
    }));
  }

  #maxSurge(): number {
    return resolve(
      at(this.#deployment, "spec", "strategy", "rollingUpdate", "maxSurge"),
      replicasOf(this.#deployment),
      Math.ceil,
    );
  }

  #maxUnavailable(): number {
    const value = at(this.#deployment, "spec", "strategy", "rollingUpdate", "maxUnavailable");
    const count = resolve(value, replicasOf(this.#deployment), Math.floor);
    return count === 0 && this.#maxSurge() === 0 ? 1 : count;
  }

  #scale(set: KubeObject, replicas: number): void {
    const before = replicasOf(set);
    if (before === replicas) return;
    this.#client.update("apps/replicasets", set, (current) => ({
      ...current,
      spec: { ...current.spec, replicas },
    }));
    const direction = replicas > before ? "up" : "down";
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
    recordEvent(this.#client, { object: this.#deployment, reason: "ScalingReplicaSet", message, component });
  }

  #rollForward(paused: boolean): void {
    const wanted = replicasOf(this.#deployment);
    const current = this.#current;
    const old = this.#old.filter((set) => replicasOf(set) > 0);
    if (paused && current === undefined) return;
    if (current !== undefined) {
      const room = wanted + this.#maxSurge() - sum(this.#sets, replicasOf);
      const target =
        replicasOf(current) > wanted ? wanted : Math.min(wanted, replicasOf(current) + Math.max(0, room));
      this.#scale(current, target);
    }
    if (paused) return;
    let spare = sum(this.#sets, available) - (wanted - this.#maxUnavailable());
    for (const set of old) {
      const unhealthy = replicasOf(set) - available(set);
      const fewer = Math.min(replicasOf(set), unhealthy + Math.max(0, spare));
      spare -= Math.max(0, fewer - unhealthy);
      this.#scale(set, replicasOf(set) - fewer);
    }
  }

  #recreate(): void {
    for (const set of this.#old) this.#scale(set, 0);
    const gone = this.#old.every((set) => numberOf(at(set, "status", "replicas")) === 0);
    if (gone && this.#current !== undefined) this.#scale(this.#current, replicasOf(this.#deployment));
  }

  #cleanUp(): void {
    const kept = numberOf(this.#deployment.spec?.revisionHistoryLimit, 10);
    const idle = this.#old
      .filter((set) => replicasOf(set) === 0 && numberOf(at(set, "status", "replicas")) === 0)
      .sort((left, right) => revisionOf(right) - revisionOf(left));
    for (const set of idle.slice(kept)) this.#client.delete("apps/replicasets", set);
  }

  #updateStatus(): void {
    const wanted = replicasOf(this.#deployment);
    const replicas = sum(this.#sets, (set) => numberOf(at(set, "status", "replicas")));
    const ready = sum(this.#sets, (set) => numberOf(at(set, "status", "readyReplicas")));
    const availableReplicas = sum(this.#sets, available);
    const updated = this.#current === undefined ? 0 : numberOf(at(this.#current, "status", "replicas"));
    const complete = updated === wanted && replicas === wanted && availableReplicas === wanted;
    const positive = (name: string, value: number) => (value > 0 ? { [name]: value } : {});
    this.#client.updateStatus("apps/deployments", this.#deployment, (before) => {
      const after: Fields = {
        observedGeneration: this.#deployment.metadata.generation,
        ...positive("replicas", replicas),
        ...positive("updatedReplicas", updated),
        ...positive("readyReplicas", ready),
        ...positive("availableReplicas", availableReplicas),
        ...positive("unavailableReplicas", Math.max(0, Math.max(wanted, replicas) - availableReplicas)),
        conditions: this.#conditions(before.conditions, availableReplicas, complete),
      };
      return equalJson(before, after) ? before : after;
    });
  }

  #conditions(before: unknown, availableReplicas: number, complete: boolean): Fields[] {
    const now = formatTime(this.#client.now);
    const enough = availableReplicas >= replicasOf(this.#deployment) - this.#maxUnavailable();
    const availability = {
      type: "Available",
      status: enough ? "True" : "False",
      reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
      message: enough
        ? "Deployment has minimum availability."
        : "Deployment does not have minimum availability.",
    };
    const name = this.#current?.metadata.name ?? "";
    const progress = {
      type: "Progressing",
      status: "True",
      reason: complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
      message: complete
        ? `ReplicaSet "${name}" has successfully progressed.`
        : `ReplicaSet "${name}" is progressing.`,
    };
    return [availability, progress].reduce<Fields[]>(
      (conditions, condition) => {
        const known = conditions.find(({ type }) => type === condition.type);
        const same = known?.status === condition.status && known.reason === condition.reason;
        const lastUpdateTime = same ? known?.lastUpdateTime : now;
        return setCondition(conditions, { ...condition, lastUpdateTime }, now);
      },
      (Array.isArray(before) ? before : []) as Fields[],
    );
  }
}

/** Rolls deployments out through replica sets, one for each template, with numbered revisions. */
export function startDeployments(client: Client): void {
  watchOwned(client, {
    storage: "apps/deployments",
    owned: ["apps/replicasets"],
    kind: "Deployment",
    reconcile(deployment) {
      if (deployment.metadata.deletionTimestamp === undefined) new Rollout(client, deployment).run();
    },
  });
}
