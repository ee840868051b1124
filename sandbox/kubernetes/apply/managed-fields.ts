import type { Fields } from "../objects/fields.ts";
import type { KubeObject, ManagedFieldsEntry } from "../objects/object.ts";
import type { Resource } from "../registry/resource.ts";
import { compareValues } from "./field-sets.ts";
import { PathSet } from "./path-set.ts";
import { shapeOf } from "./shape.ts";

export type ManagerEntry = Omit<ManagedFieldsEntry, "fieldsV1"> & { set: PathSet };

export function readManagers(entries: ManagedFieldsEntry[] | undefined): ManagerEntry[] {
  return (entries ?? [])
    .filter((entry) => entry.fieldsV1 !== undefined)
    .map(({ fieldsV1, ...entry }) => ({ ...entry, set: PathSet.fromFieldsV1(fieldsV1) }));
}

export function writeManagers(managers: ManagerEntry[]): ManagedFieldsEntry[] | undefined {
  const entries = managers
    .filter(({ set }) => !set.isEmpty)
    .map(({ set, subresource, ...entry }) => ({
      ...entry,
      fieldsV1: set.toFieldsV1(),
      ...(subresource === undefined ? {} : { subresource }),
    }));
  return entries.length === 0 ? undefined : entries;
}

const identity = ["apiVersion", "kind"];
const serverMetadata = [
  "name",
  "namespace",
  "generateName",
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generation",
  "managedFields",
  "selfLink",
];

/** An object without what nobody can own: its identity and what the server writes. */
export function ownableFields(object: Fields): Fields {
  const fields = { ...object };
  for (const name of identity) delete fields[name];
  const metadata: Fields = { ...(fields.metadata as Fields) };
  const generateName = metadata.generateName;
  for (const name of serverMetadata) delete metadata[name];
  if (generateName !== undefined) metadata.generateName = generateName;
  fields.metadata = metadata;
  return fields;
}

export type UpdateInput = {
  resource: Resource;
  before: KubeObject | undefined;
  after: KubeObject;
  manager: string;
  subresource?: string | undefined;
  now: string;
};

/** Who owns what after an ordinary write: the writer gains what it changed, and the others lose it. */
export function managersAfterUpdate(input: UpdateInput): ManagedFieldsEntry[] | undefined {
  const { resource, before, after, manager, subresource, now } = input;
  const empty: Fields = { metadata: {}, spec: {}, status: {} };
  const { changed, removed } = compareValues(
    before === undefined ? empty : ownableFields(before),
    ownableFields(after),
    shapeOf(resource),
  );
  const managers = readManagers(after.metadata.managedFields ?? before?.metadata.managedFields);
  if (changed.isEmpty && removed.isEmpty) return writeManagers(managers);
  const isWriter = (entry: ManagerEntry) =>
    entry.manager === manager && entry.operation === "Update" && entry.subresource === subresource;
  const others = managers.map((entry) => ({
    ...entry,
    set: isWriter(entry) ? entry.set.without(removed) : entry.set.difference(changed).without(removed),
  }));
  const own = others.find(isWriter);
  const rest = others.filter((entry) => entry !== own);
  const set = own === undefined ? changed : own.set.union(changed);
  if (changed.isEmpty) return writeManagers(others);
  return writeManagers([
    ...rest,
    {
      manager,
      operation: "Update",
      apiVersion: after.apiVersion,
      time: now,
      fieldsType: "FieldsV1",
      set,
      ...(subresource === undefined ? {} : { subresource }),
    },
  ]);
}
