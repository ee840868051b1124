import { badRequest } from "../http/status-error.ts";
import { fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";

type Labels = Record<string, string> | undefined;
export type LabelSelector = (labels: Labels) => boolean;

const setBased = /^([^\s!=,()]+)\s+(in|notin)\s+\(([^)]*)\)$/;
const equality = /^([^\s!=,()]+)\s*(==|=|!=|>|<)\s*([^\s!=,()<>]*)$/;
const existence = /^(!?)\s*([^\s!=,()]+)$/;

/** Splits on commas that are not within the parentheses of a set. */
function splitRequirements(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((requirement) => requirement.trim())
    .filter((requirement) => requirement !== "");
}

function oneRequirement(text: string): LabelSelector {
  const set = setBased.exec(text);
  if (set !== null) {
    const [, key = "", operator, values = ""] = set;
    const members = new Set(values.split(",").map((value) => value.trim()));
    const isIn: LabelSelector = (labels) => labels?.[key] !== undefined && members.has(labels[key]);
    return operator === "in" ? isIn : (labels) => !isIn(labels);
  }
  const equal = equality.exec(text);
  if (equal !== null) {
    const [, key = "", operator, value = ""] = equal;
    if (operator === "!=") return (labels) => labels?.[key] !== value;
    if (operator === ">") return (labels) => Number(labels?.[key]) > Number(value);
    if (operator === "<") return (labels) => Number(labels?.[key]) < Number(value);
    return (labels) => labels?.[key] === value;
  }
  const exists = existence.exec(text);
  if (exists === null) {
    throw badRequest(
      `unable to parse requirement: found '${text}', expected: ',', 'in', 'notin', '=', '==', '!='`,
    );
  }
  const [, negation, key = ""] = exists;
  return (labels) => (labels !== undefined && key in labels) === (negation === "");
}

/** Parses `labelSelector` as k8s.io/apimachinery/pkg/labels does; refuses with 400. */
export function parseLabelSelector(text: string): LabelSelector | undefined {
  const requirements = splitRequirements(text).map(oneRequirement);
  if (requirements.length === 0) return undefined;
  return (labels) => requirements.every((requirement) => requirement(labels));
}

function matchExpression(expression: unknown): LabelSelector {
  const { key, operator, values } = fieldsOf(expression);
  const name = textOf(key);
  const members = listOf(values).map(textOf);
  switch (operator) {
    case "In":
      return (labels) => labels?.[name] !== undefined && members.includes(labels[name]);
    case "NotIn":
      return (labels) => labels?.[name] === undefined || !members.includes(labels[name]);
    case "Exists":
      return (labels) => labels?.[name] !== undefined;
    default:
      return (labels) => labels?.[name] === undefined;
  }
}

/** The selector of a `LabelSelector` object. An empty one matches everything, an absent one nothing. */
export function objectLabelSelector(selector: unknown): LabelSelector {
  if (!isFields(selector)) return () => false;
  const expressions = listOf(selector.matchExpressions).map(matchExpression);
  const labelsMatch = mapSelector(selector.matchLabels ?? {});
  return (labels) => labelsMatch(labels) && expressions.every((matches) => matches(labels));
}

/** The selector of services and replication controllers: every label given must be there. */
export function mapSelector(selector: unknown): LabelSelector {
  const entries = Object.entries(fieldsOf(selector));
  return (labels) => entries.every(([key, value]) => labels?.[key] === value);
}

/** A `LabelSelector` object as text, as Tables, `scale` and list requests write it. */
export function formatLabelSelector(selector: unknown): string {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  const parts = Object.entries(fieldsOf(matchLabels))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}=${textOf(value)}`);
  for (const expression of listOf(matchExpressions)) {
    const { key, operator, values } = fieldsOf(expression);
    const set = `(${listOf(values).map(textOf).sort().join(",")})`;
    if (operator === "In") parts.push(`${textOf(key)} in ${set}`);
    else if (operator === "NotIn") parts.push(`${textOf(key)} notin ${set}`);
    else parts.push(operator === "Exists" ? textOf(key) : `!${textOf(key)}`);
  }
  return parts.join(",");
}
