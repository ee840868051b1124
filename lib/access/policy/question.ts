import type { Actor } from "../../context.ts";
import type { Circumstances } from "./circumstances.ts";
import { ClusterFacts, type ExpressionFacts, RequestFacts, UserFacts } from "./expression/environment.ts";
import type { Labels } from "./labels.ts";
import { type Address, parseAddress } from "./network.ts";
import { isDiscoveryOrSelfReview, type RequestAttributes } from "./request-attributes.ts";
import type { CompiledRule } from "./rule.ts";
import type { ScopeFacts } from "./scope.ts";

interface Asked {
  actor: Actor;
  cluster: { id: string; name: string; labels: Labels | null };
  /** Null where they are not known, or the call has no namespace. */
  namespaceLabels: Labels | null;
  /** Of the node that the call is about; null where they are not known. */
  nodeLabels: Labels | null;
  /** Where in the table's vocabulary it is (rule-index.ts). */
  cell: number;
  attributes: RequestAttributes;
  circumstances: Circumstances;
}

/** What is asked of each rule. What only some rules look at is worked out when the first one does. */
export class Question implements Asked, ScopeFacts {
  readonly actor: Actor;
  readonly cluster: Asked["cluster"];
  readonly namespaceLabels: Labels | null;
  readonly nodeLabels: Labels | null;
  readonly cell: number;
  /** Whether it is what every client needs before it can do anything. */
  readonly isFree: boolean;
  /** Allow rules that are about it and do not count under its circumstances, for the words of a denial. */
  readonly unmet: { grantId: string; role: string; rule: CompiledRule }[] = [];
  readonly attributes: RequestAttributes;
  readonly circumstances: Circumstances;
  #address: Address | null | undefined;
  #facts: ExpressionFacts | undefined;

  constructor({ actor, cluster, namespaceLabels, nodeLabels, cell, attributes, circumstances }: Asked) {
    this.actor = actor;
    this.cluster = cluster;
    this.namespaceLabels = namespaceLabels;
    this.nodeLabels = nodeLabels;
    this.cell = cell;
    this.isFree = isDiscoveryOrSelfReview(attributes);
    this.attributes = attributes;
    this.circumstances = circumstances;
  }

  get clusterId(): string {
    return this.cluster.id;
  }

  /** The client's; null where it cannot be told. */
  get address(): Address | null {
    if (this.#address === undefined) {
      const { clientAddress } = this.circumstances;
      this.#address = clientAddress === null ? null : parseAddress(clientAddress);
    }
    return this.#address;
  }

  /** What expressions are asked about. */
  get facts(): ExpressionFacts {
    this.#facts ??= factsOf(this);
    return this.#facts;
  }
}

/** What an object inherits is no label. */
const mapOf = (labels: Labels) => new Map(Object.entries(labels));

function factsOf({ actor, cluster, namespaceLabels, attributes, circumstances }: Asked): ExpressionFacts {
  const { accessMethod, clientAddress, time } = circumstances;
  const { verb, apiGroup, resource, subresource, namespace, name, path, isResourceRequest } = attributes;
  return {
    request: new RequestFacts({
      ...{ verb, apiGroup, resource, subresource, namespace, name, path, isResourceRequest, accessMethod },
      clientAddress: clientAddress ?? "",
      ...(namespaceLabels === null ? {} : { namespaceLabels: mapOf(namespaceLabels) }),
    }),
    user: new UserFacts({
      kind: actor.kind,
      name: "name" in actor ? actor.name : "",
      email: actor.kind === "user" ? actor.email : "",
      groups: actor.kind === "user" ? actor.groups : [],
    }),
    cluster: new ClusterFacts({
      name: cluster.name,
      ...(cluster.labels === null ? {} : { labels: mapOf(cluster.labels) }),
    }),
    now: new Date(time),
  };
}
