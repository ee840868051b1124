/** What one call of a command was for. */
export interface CommandCall {
  verb: string;
  /** With its subresource: `pods/exec`. */
  resource: string;
  resourceName: string | null;
  namespace: string | null;
}

/** More objects are counted and not named. */
const MOST_OBJECTS = 3;

/**
 * A command with what it was for, put together from its calls: `kubectl delete` of the client and what it deleted. kubectl names a command without
 * its arguments. Null where no call was for a resource.
 */
export function composeCommand(claim: string | null, calls: readonly CommandCall[]): string | null {
  const objects = namedObjects(calls);
  const [first] = objects;
  if (!first) return null;
  const shown = objects.slice(0, MOST_OBJECTS);
  const oneNamespace = objects.every(({ namespace }) => namespace === first.namespace);
  const texts = shown.map((object) => objectText(object, !oneNamespace));
  if (objects.length > shown.length) texts.push(`and ${objects.length - shown.length} more`);
  const namespace = oneNamespace && first.namespace !== null ? ` -n ${first.namespace}` : "";
  return `${claim ?? calls[0]?.verb ?? ""} ${texts.join(", ")}${namespace}`.trim();
}

type CommandObject = Omit<CommandCall, "verb">;

function objectText({ resource, resourceName, namespace }: CommandObject, withNamespace: boolean): string {
  const name = resourceName === null ? resource : `${resource}/${resourceName}`;
  return withNamespace && namespace !== null ? `${name} -n ${namespace}` : name;
}

/** Each object once. A list of what is named beside it (kubectl waits for what it deletes) is no object of its own. */
function namedObjects(calls: readonly CommandCall[]): CommandObject[] {
  const objects = new Map<string, CommandObject>();
  for (const { resource: whole, resourceName, namespace } of calls) {
    const [resource = ""] = whole.split("/", 1);
    const object = { resource, resourceName, namespace };
    objects.set(JSON.stringify(object), object);
  }
  const all = [...objects.values()];
  return all.filter(
    ({ resource, resourceName, namespace }) =>
      resourceName !== null ||
      !all.some(
        (other) =>
          other.resourceName !== null && other.resource === resource && other.namespace === namespace,
      ),
  );
}
