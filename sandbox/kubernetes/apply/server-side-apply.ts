import { StatusError } from "../http/status-error.ts";
import type { Fields } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import type { Resource } from "../registry/resource.ts";
import { compareValues, fieldSetOf } from "./field-sets.ts";
import { type ManagerEntry, ownableFields, readManagers, writeManagers } from "./managed-fields.ts";
import { mergeApplied, removeFields } from "./merge.ts";
import { formatPath, PathSet } from "./path-set.ts";
import { shapeOf } from "./shape.ts";

export type ApplyInput = {
  resource: Resource;
  live: KubeObject | undefined;
  applied: Fields;
  manager: string;
  force: boolean;
  subresource?: string | undefined;
  now: string;
};

type Conflict = { entry: ManagerEntry; paths: string[][] };

function describe({ entry, paths }: Conflict): string {
  const subresource = entry.subresource === undefined ? "" : ` with subresource "${entry.subresource}"`;
  const who = `"${entry.manager}"${subresource} using ${entry.apiVersion}`;
  if (paths.length === 1) return `conflict with ${who}: ${formatPath(paths[0] ?? [])}`;
  return `conflicts with ${who}:\n${paths.map((path) => `- ${formatPath(path)}`).join("\n")}`;
}

function conflictError(conflicts: Conflict[]): StatusError {
  const count = conflicts.reduce((sum, { paths }) => sum + paths.length, 0);
  return new StatusError({
    code: 409,
    reason: "Conflict",
    message: `Apply failed with ${count} conflict${count === 1 ? "" : "s"}: ${conflicts.map(describe).join("\n")}`,
    details: {
      causes: conflicts.flatMap(({ entry, paths }) =>
        paths.map((path) => ({
          reason: "FieldManagerConflict",
          message: `conflict with "${entry.manager}" using ${entry.apiVersion}`,
          field: formatPath(path),
        })),
      ),
    },
  });
}

/**
 * Server-side apply: merges the applied configuration into the live object, takes away what this manager
 * applied before and no longer does, and refuses with 409 where another manager owns what would change.
 */
export function applyConfiguration(input: ApplyInput): KubeObject {
  const { resource, live, applied, manager, force, subresource, now } = input;
  const shape = shapeOf(resource);
  const managers = readManagers(live?.metadata.managedFields);
  const isOwn = (entry: ManagerEntry) =>
    entry.manager === manager && entry.operation === "Apply" && entry.subresource === subresource;
  const own = managers.find(isOwn);
  let others = managers.filter((entry) => entry !== own);
  const appliedSet = fieldSetOf(ownableFields(applied), shape, false);
  appliedSet.member = false;

  const base = live ?? {};
  let merged = mergeApplied(base, withoutServerFields(applied), shape) as KubeObject;
  const abandoned = others.reduce(
    (set, entry) => set.difference(entry.set),
    (own?.set ?? new PathSet()).difference(appliedSet),
  );
  const removable = dropKeptItems(abandoned, others);
  merged = removeFields(merged, shape, removable) as KubeObject;

  if (live !== undefined) {
    const { changed } = compareValues(ownableFields(live), ownableFields(merged), shape);
    const touched = changed.intersection(appliedSet);
    const conflicts = others
      .map((entry) => ({ entry, paths: entry.set.intersection(touched).paths() }))
      .filter(({ paths }) => paths.length > 0);
    if (conflicts.length > 0 && !force) throw conflictError(conflicts);
    others = others.map((entry) => ({ ...entry, set: entry.set.difference(touched) }));
  }
  const unchanged = own?.set.equals(appliedSet) === true;
  const entry: ManagerEntry = {
    manager,
    operation: "Apply",
    apiVersion: String(applied.apiVersion),
    time: unchanged && own?.time !== undefined ? own.time : now,
    fieldsType: "FieldsV1",
    set: appliedSet,
    ...(subresource === undefined ? {} : { subresource }),
  };
  const managedFields = writeManagers([entry, ...others]);
  return { ...merged, metadata: { ...merged.metadata, ...(managedFields ? { managedFields } : {}) } };
}

/** An item of a keyed list stays as long as another manager owns anything in it. */
function dropKeptItems(abandoned: PathSet, others: ManagerEntry[]): PathSet {
  const owned = others.reduce((set, entry) => set.union(entry.set), new PathSet());
  const visit = (set: PathSet, kept: PathSet | undefined): PathSet => {
    const result = new PathSet();
    result.member = set.member && (kept === undefined || kept.isEmpty);
    for (const [step, child] of set.children)
      result.children.set(step, visit(child, kept?.children.get(step)));
    return result;
  };
  return visit(abandoned, owned);
}

function withoutServerFields(applied: Fields): Fields {
  const metadata: Fields = { ...(applied.metadata as Fields) };
  for (const name of [
    "managedFields",
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "generation",
    "selfLink",
  ]) {
    delete metadata[name];
  }
  const { status: _status, ...rest } = applied;
  return { ...rest, ...(applied.status === undefined ? {} : { status: applied.status }), metadata };
}
