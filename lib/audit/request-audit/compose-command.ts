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

/** Questions about access, which are asked on the way to something else. */
const REVIEWS = /^(self|local)?subject(access|rules)reviews$|^selfsubjectreviews$/;

/**
 * A command with what it was for, put together from its calls: `kubectl delete` of the client and what it deleted. kubectl names a command without
 * its arguments. Null where no call was for an object, and where the claim has arguments of its own.
 */
export function composeCommand(claim: string | null, calls: readonly CommandCall[]): string | null {
  const objects = namedObjects(calls);
  const [first] = objects;
  if (!first || (claim !== null && hasArguments(claim, objects))) return null;
  const shown = objects.slice(0, MOST_OBJECTS);
  const oneNamespace = objects.every(({ namespace }) => namespace === first.namespace);
  const texts = shown.map((object) => objectText(object, claim, !oneNamespace));
  if (objects.length > shown.length) texts.push(`and ${objects.length - shown.length} more`);
  const namespace = oneNamespace && first.namespace !== null ? ` -n ${first.namespace}` : "";
  return `${claim ?? calls[0]?.verb ?? ""} ${texts.join(", ")}${namespace}`.trim();
}

type CommandObject = Omit<CommandCall, "verb">;

/** `kubectl create configmap` names the kind already: `a`, not `configmaps/a`. */
function objectText(
  { resource, resourceName, namespace }: CommandObject,
  claim: string | null,
  withNamespace: boolean,
): string {
  const isNamedKind = wordsOf(claim ?? "").some((word) => [`${word}s`, `${word}es`].includes(resource));
  const name = resourceName === null ? resource : isNamedKind ? resourceName : `${resource}/${resourceName}`;
  return withNamespace && namespace !== null ? `${name} -n ${namespace}` : name;
}

const wordsOf = (claim: string): string[] => claim.split(/\s+/).slice(1);

/** Whether the client said more than the path of its command: a flag, or one of the resources or names. */
function hasArguments(claim: string, objects: readonly CommandObject[]): boolean {
  const words = wordsOf(claim);
  return words.some(
    (word) =>
      word.startsWith("-") ||
      objects.some(({ resource, resourceName }) => word === resource || word === resourceName),
  );
}

/** Each object once, without what kubectl looks at on the way to it. */
function namedObjects(calls: readonly CommandCall[]): CommandObject[] {
  const objects = new Map<string, CommandObject & { verbs: Set<string> }>();
  for (const { verb, resource: whole, resourceName, namespace } of calls) {
    const [resource = ""] = whole.split("/", 1);
    if (REVIEWS.test(resource)) continue;
    // kube-apiserver puts a namespace into itself.
    const object = { resource, resourceName, namespace: resource === "namespaces" ? null : namespace };
    const key = JSON.stringify(object);
    const known = objects.get(key);
    if (known) known.verbs.add(verb);
    else objects.set(key, { ...object, verbs: new Set([verb]) });
  }
  const all = [...objects.values()];
  const named = all.filter(({ resourceName }) => resourceName !== null);
  return all.filter(({ resource, resourceName, namespace, verbs }) => {
    // A list beside a name: kubectl waits for what it deletes, and describes a thing with its events.
    if (resourceName === null)
      return !named.some(
        (other) => other.namespace === namespace && [other.resource, "events"].includes(resource),
      );
    // The namespace of the others, read to see whether it is there.
    const isRead = [...verbs].every((verb) => verb === "get");
    return !(resource === "namespaces" && isRead && all.some((other) => other.namespace === resourceName));
  });
}
