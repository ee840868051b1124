import { badRequest } from "../http/status-error.ts";
import { equalJson, type Fields, isFields, listOf, textOf } from "../objects/fields.ts";
import { type ApiField, type ApiType, apiType } from "../schema/api-types.ts";

const directive = "$patch";
const deleteFromList = "$deleteFromPrimitiveList/";
const elementOrder = "$setElementOrder/";
const retainKeys = "$retainKeys";

/**
 * Strategic merge patch (k8s.io/apimachinery/pkg/util/strategicpatch): like a JSON merge patch, but lists
 * whose type names a merge key are merged by it, and `$patch`, `$retainKeys`, `$setElementOrder` and
 * `$deleteFromPrimitiveList` are obeyed.
 */
export function strategicMerge(original: Fields, patch: Fields, typeName: string | undefined): Fields {
  return mergeObject(original, patch, typeName === undefined ? undefined : apiType(typeName));
}

function mergeObject(original: Fields, patch: Fields, type: ApiType | undefined): Fields {
  if (patch[directive] === "replace") return cleanPatch(patch);
  if (patch[directive] === "delete") return {};
  const result = keepOnly(original, patch[retainKeys]);
  for (const [name, value] of Object.entries(patch)) {
    if (name === directive || name === retainKeys) continue;
    if (name.startsWith(deleteFromList)) {
      const target = name.slice(deleteFromList.length);
      result[target] = listOf(result[target]).filter(
        (item) => !listOf(value).some((gone) => equalJson(item, gone)),
      );
      continue;
    }
    if (name.startsWith(elementOrder)) continue;
    if (value === null) delete result[name];
    else result[name] = mergeField(result[name], value, type?.fields.get(name));
  }
  for (const [name, order] of Object.entries(patch)) {
    if (!name.startsWith(elementOrder)) continue;
    const target = name.slice(elementOrder.length);
    const key = type?.fields.get(target)?.patchMergeKey;
    if (Array.isArray(result[target])) {
      result[target] = sortByOrder(listOf(result[target]), listOf(order), listOf(patch[target]), key);
    }
  }
  return result;
}

function keepOnly(original: Fields, keys: unknown): Fields {
  if (!Array.isArray(keys)) return { ...original };
  return Object.fromEntries(Object.entries(original).filter(([name]) => keys.includes(name)));
}

function mergeField(original: unknown, patch: unknown, field: ApiField | undefined): unknown {
  if (isFields(patch)) {
    if (field?.patchStrategy.includes("replace")) return cleanPatch(patch);
    const child = field === undefined || field.map ? undefined : apiType(field.type);
    return mergeObject(isFields(original) ? original : {}, patch, child);
  }
  if (!Array.isArray(patch) || !field?.patchStrategy.includes("merge")) return stripNulls(patch);
  if (field.patchMergeKey === undefined) return mergePrimitives(listOf(original), patch);
  return mergeList(listOf(original), patch, field.patchMergeKey, apiType(field.type));
}

function mergePrimitives(original: unknown[], patch: unknown[]): unknown[] {
  const added = patch.filter((item) => !original.some((known) => equalJson(item, known)));
  return [...original, ...added];
}

function mergeList(original: unknown[], patch: unknown[], key: string, type: ApiType | undefined): unknown[] {
  const items = patch.filter(isFields);
  if (items.some((item) => item[directive] === "replace")) {
    return items.filter((item) => item[directive] !== "replace").map(cleanPatch);
  }
  let result = [...original];
  for (const item of items) {
    if (item[key] === undefined) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
    const isSame = (known: unknown) => isFields(known) && equalJson(known[key], item[key]);
    if (item[directive] === "delete") {
      result = result.filter((known) => !isSame(known));
      continue;
    }
    const index = result.findIndex(isSame);
    const known = result[index];
    if (isFields(known)) result[index] = mergeObject(known, item, type);
    else result.push(mergeObject({}, item, type));
  }
  return result;
}

/** What the patch names comes in the order it gives; what only the server has stays behind its predecessor. */
function sortByOrder(
  merged: unknown[],
  order: unknown[],
  patched: unknown[],
  key: string | undefined,
): unknown[] {
  const identify = (item: unknown) => JSON.stringify(key !== undefined && isFields(item) ? item[key] : item);
  const rank = new Map(order.map((item, index) => [identify(item), index]));
  const inPatch = new Set(patched.map(identify));
  const ordered = merged
    .filter((item) => rank.has(identify(item)) || inPatch.has(identify(item)))
    .sort((left, right) => (rank.get(identify(left)) ?? 0) - (rank.get(identify(right)) ?? 0));
  const serverOnly = merged.filter((item) => !rank.has(identify(item)) && !inPatch.has(identify(item)));
  const result = [...ordered];
  for (const item of serverOnly) {
    const before = merged.slice(0, merged.indexOf(item)).reverse();
    const anchor = before.find((candidate) => result.includes(candidate));
    result.splice(anchor === undefined ? 0 : result.indexOf(anchor) + 1, 0, item);
  }
  return result;
}

function stripNulls(value: unknown): unknown {
  if (isFields(value)) return cleanPatch(value);
  return Array.isArray(value) ? value.map((item) => (isFields(item) ? cleanPatch(item) : item)) : value;
}

function cleanPatch(patch: Fields): Fields {
  const kept = Object.entries(patch).filter(
    ([name, value]) => !textOf(name).startsWith("$") && value !== null,
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, stripNulls(value)]));
}
