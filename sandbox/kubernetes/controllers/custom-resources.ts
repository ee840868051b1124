import { at, type Fields, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { type Conversion, type Resource, type Subresource, storedVerbs } from "../registry/resource.ts";
import type { Client } from "./controller.ts";

function subresources(version: Fields, kind: string): Subresource[] {
  const given = fieldsOf(version.subresources);
  const verbs = ["get", "patch", "update"];
  return [
    ...(given.status === undefined ? [] : [{ name: "status", verbs, kind }]),
    ...(given.scale === undefined
      ? []
      : [{ name: "scale", verbs, kind: "Scale", group: "autoscaling", version: "v1" }]),
  ];
}

/** With conversion strategy `None` versions differ in nothing but their name. */
function renaming(stored: string, served: string): Conversion | undefined {
  if (stored === served) return undefined;
  return {
    toStorage: (object) => ({ ...object, apiVersion: stored }),
    fromStorage: (object) => ({ ...object, apiVersion: served }),
  };
}

function resourceOf(definition: KubeObject, version: Fields): Resource {
  const { group, names, scope } = fieldsOf(definition.spec);
  const { kind, plural, singular, shortNames, categories } = fieldsOf(names);
  const stored = listOf(definition.spec?.versions)
    .filter(isFields)
    .find((other) => other.storage === true);
  const conversion = renaming(
    `${textOf(group)}/${textOf(stored?.name)}`,
    `${textOf(group)}/${textOf(version.name)}`,
  );
  return {
    ...(conversion === undefined ? {} : { conversion }),
    group: textOf(group),
    version: textOf(version.name),
    kind: textOf(kind),
    resource: textOf(plural),
    singular: textOf(singular),
    shortNames: listOf(shortNames).map(textOf),
    categories: listOf(categories).map(textOf),
    namespaced: scope === "Namespaced",
    verbs: storedVerbs,
    subresources: subresources(version, textOf(kind)),
    typeName: undefined,
    storage: `${textOf(group)}/${textOf(plural)}`,
    virtual: false,
    customSchema: at(version, "schema", "openAPIV3Schema") ?? { type: "object" },
    customColumns: listOf(version.additionalPrinterColumns),
  };
}

/** Serves the resources that CustomResourceDefinitions define, as soon as these change. */
export function startCustomResources(client: Client, changed: () => void): void {
  const { store, registry } = client.cluster;
  store.subscribe("apiextensions.k8s.io/customresourcedefinitions", ({ type, object }) => {
    const { group, names, versions } = fieldsOf(object.spec);
    const storage = `${textOf(group)}/${textOf(fieldsOf(names).plural)}`;
    const served = listOf(versions)
      .filter(isFields)
      .filter((version) => version.served === true)
      .map((version) => resourceOf(object, version));
    if (type === "DELETED") {
      for (const instance of store.list(storage)) store.remove(storage, instance);
    }
    registry.setCustomResources(storage, type === "DELETED" ? [] : served);
    changed();
  });
}
