import { cloneJson, type Fields, fieldsOf, numberOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { type Client, ownedBy, ownerReference } from "./controller.ts";
import { templateHash } from "./template-hash.ts";

const storage = "apps/controllerrevisions";

export type Revision = { name: string; hash: string };

/** The revision that records an owner's present template; made when there is none, renumbered when it is an old one. */
export function currentRevision(client: Client, owner: KubeObject): Revision {
  const template = fieldsOf(owner.spec?.template);
  const hash = templateHash(template);
  const name = `${owner.metadata.name}-${hash}`;
  const revisions = ownedBy(client.list(storage, owner.metadata.namespace), owner);
  const last = Math.max(0, ...revisions.map(({ revision }) => numberOf(revision)));
  const known = revisions.find((revision) => revision.metadata.name === name);
  if (known === undefined) createRevision(client, owner, { name, hash }, last + 1, template);
  else if (numberOf(known.revision) < last)
    client.update(storage, known, (found) => ({ ...found, revision: last + 1 }));
  return { name, hash };
}

function createRevision(
  client: Client,
  owner: KubeObject,
  { name, hash }: Revision,
  revision: number,
  template: Fields,
) {
  client.create(storage, {
    kind: "ControllerRevision",
    apiVersion: "apps/v1",
    metadata: {
      name,
      namespace: owner.metadata.namespace ?? "",
      labels: {
        ...(fieldsOf(fieldsOf(template.metadata).labels) as Record<string, string>),
        "controller.kubernetes.io/hash": hash,
      },
      ownerReferences: [ownerReference(owner)],
    },
    data: { spec: { template: { ...cloneJson(template), $patch: "replace" } } },
    revision,
  });
}
