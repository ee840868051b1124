import { type Fields, fieldsOf } from "../objects/fields.ts";

/**
 * A set of field paths. A step is written as in FieldsV1: `f:<field>`, `k:<keys as JSON>` for an item of
 * a keyed list, `v:<value as JSON>` for a member of a set.
 */
export class PathSet {
  member = false;
  readonly children = new Map<string, PathSet>();

  child(step: string): PathSet {
    let child = this.children.get(step);
    if (child === undefined) {
      child = new PathSet();
      this.children.set(step, child);
    }
    return child;
  }

  get isEmpty(): boolean {
    return !this.member && [...this.children.values()].every((child) => child.isEmpty);
  }

  union(other: PathSet): PathSet {
    const result = new PathSet();
    result.member = this.member || other.member;
    for (const step of new Set([...this.children.keys(), ...other.children.keys()])) {
      const left = this.children.get(step) ?? none;
      result.children.set(step, left.union(other.children.get(step) ?? none));
    }
    return result;
  }

  difference(other: PathSet): PathSet {
    const result = new PathSet();
    result.member = this.member && !other.member;
    for (const [step, child] of this.children) {
      const rest = child.difference(other.children.get(step) ?? none);
      if (!rest.isEmpty) result.children.set(step, rest);
    }
    return result;
  }

  intersection(other: PathSet): PathSet {
    const result = new PathSet();
    result.member = this.member && other.member;
    for (const [step, child] of this.children) {
      const common = child.intersection(other.children.get(step) ?? none);
      if (!common.isEmpty) result.children.set(step, common);
    }
    return result;
  }

  /** Without the paths that lie at or below a path of the other set. */
  without(other: PathSet): PathSet {
    const result = new PathSet();
    if (other.member) return result;
    result.member = this.member;
    for (const [step, child] of this.children) {
      const rest = child.without(other.children.get(step) ?? none);
      if (!rest.isEmpty) result.children.set(step, rest);
    }
    return result;
  }

  equals(other: PathSet): boolean {
    return this.difference(other).isEmpty && other.difference(this).isEmpty;
  }

  /** Every path in the set, as lists of steps. */
  paths(prefix: string[] = []): string[][] {
    const own = this.member && prefix.length > 0 ? [prefix] : [];
    return own.concat(...[...this.children].map(([step, child]) => child.paths([...prefix, step])));
  }

  toFieldsV1(): Fields {
    const result: Fields = {};
    const children = [...this.children].filter(([, child]) => !child.isEmpty);
    if (this.member && children.length > 0) result["."] = {};
    for (const [step, child] of children.sort(([left], [right]) => (left < right ? -1 : 1))) {
      result[step] = child.toFieldsV1();
    }
    return result;
  }

  static fromFieldsV1(fields: unknown): PathSet {
    const result = new PathSet();
    const entries = Object.entries(fieldsOf(fields));
    result.member = entries.length === 0 || entries.some(([step]) => step === ".");
    for (const [step, child] of entries) {
      if (step !== ".") result.children.set(step, PathSet.fromFieldsV1(child));
    }
    return result;
  }
}

const none: PathSet = new PathSet();

/** A path as conflicts name it: `.spec.containers[name="web"].image`. */
export function formatPath(steps: string[]): string {
  return steps
    .map((step) => {
      const text = step.slice(2);
      if (step.startsWith("f:")) return `.${text}`;
      if (step.startsWith("v:")) return `[=${text}]`;
      const keys = Object.entries(fieldsOf(JSON.parse(text)));
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`;
    })
    .join("");
}
