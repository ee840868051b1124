import { isTag, MOST_TAGS } from "../../lib/tunnels/protocol/introduction.ts";
import { type Environment, textOf, wrongSetting } from "./environment.ts";

/** `KUBEWITNESS_AGENT_TAGS`: words with commas between, by which calls choose among a cluster's agents. */
export function readTags(environment: Environment): string[] {
  const text = textOf(environment, "KUBEWITNESS_AGENT_TAGS");
  if (text === null) return [];
  const tags = [...new Set(text.split(",").map((tag) => tag.trim()))];
  if (tags.length > MOST_TAGS || !tags.every(isTag)) {
    const takes = `at most ${MOST_TAGS} tags with commas between, each of 1 to 63 letters, digits, . _ -`;
    throw wrongSetting("KUBEWITNESS_AGENT_TAGS", { got: text, takes });
  }
  return tags;
}
