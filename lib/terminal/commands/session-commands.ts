import { LineRefusal } from "../line/line-refusal.ts";
import type { Command } from "./command.ts";

/** RFC 1123 label: what a namespace's name may be. */
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Sets the namespace of the commands that follow; one that the cluster does not list is refused where it lists any. */
export async function chooseNamespace(
  shell: { namespace: string; namespaces(): Promise<string[] | null> },
  name: string,
): Promise<void> {
  if (!NAMESPACE.test(name)) throw new LineRefusal(`${JSON.stringify(name)} is no name of a namespace`);
  const known = await shell.namespaces();
  if (known && !known.includes(name))
    throw new LineRefusal(`there is no namespace ${name}: see kubectl get namespaces`);
  shell.namespace = name;
}

export const ns: Command = {
  usage: "ns [NAME]",
  about: "the namespace of commands without -n; with a name: another one",
  async run({ words: [name, ...more], shell, write }) {
    if (more.length > 0) throw new LineRefusal("ns takes one name");
    if (name === undefined) await write(`${shell.namespace}\n`);
    else await chooseNamespace(shell, name);
    return 0;
  },
};

export const ctx: Command = {
  usage: "ctx",
  about: "the cluster that this shell is for, the namespace and who you are",
  async run({ words, shell, write }) {
    if (words.length > 0)
      throw new LineRefusal(
        "a shell is for one cluster: open another one from My access for another cluster",
      );
    await write(`cluster    ${shell.cluster}\nnamespace  ${shell.namespace}\nperson     ${shell.person}\n`);
    return 0;
  },
};

export const history: Command = {
  usage: "history [COUNT]",
  about: "lines that were run, also in earlier shells",
  async run({ words: [count], shell, write }) {
    const all = shell.history.map((line, at) => `${`${at + 1}`.padStart(5)}  ${line}\n`);
    const wanted = count === undefined ? all.length : Number(count);
    if (!Number.isInteger(wanted) || wanted < 0) throw new LineRefusal("history takes a count");
    for (const line of wanted === 0 ? [] : all.slice(-wanted)) await write(line);
    return 0;
  },
};

export const clear: Command = {
  usage: "clear",
  about: "empties the screen (also Ctrl-L)",
  async run({ write }) {
    await write("\x1b[H\x1b[2J\x1b[3J");
    return 0;
  },
};

export const exit: Command = {
  usage: "exit",
  about: "ends this shell (also Ctrl-D)",
  async run({ shell }) {
    shell.leave();
    return 0;
  },
};

/** The parts of `kubectl config` that mean something here, answered without kubectl. */
export const config: Command = {
  usage: "kubectl config view | current-context | get-contexts | set-context --current --namespace=NAME",
  about: "what kubectl is told of the cluster",
  async run({ words, shell, write }) {
    const [verb, ...rest] = words;
    if (verb === "current-context" && rest.length === 0) await write(`${shell.cluster}\n`);
    else if (verb === "get-contexts" && rest.length === 0)
      await write(`CURRENT   NAME   NAMESPACE\n*         ${shell.cluster}   ${shell.namespace}\n`);
    else if (verb === "view" && rest.every((word) => word === "--minify"))
      await write(`cluster: ${shell.cluster}\nnamespace: ${shell.namespace}\nuser: ${shell.person}\n`);
    else if (verb === "set-context") await chooseNamespace(shell, namespaceOf(rest));
    else if (verb === "view")
      throw new LineRefusal(
        "config view takes no such flag: there is no credential in this shell to be shown",
      );
    else
      throw new LineRefusal(
        `config ${verb ?? ""} is not offered here: this shell is for one cluster, as you`,
      );
    return 0;
  },
};

function namespaceOf(words: string[]): string {
  const [, inWord] = words.map((word) => /^--namespace=(.+)$/.exec(word)).find(Boolean) ?? [];
  const at = words.indexOf("--namespace");
  const name = inWord ?? (at >= 0 ? words[at + 1] : undefined);
  const expected = words.filter((word) => !/^--(?:current|namespace(?:=.+)?)$/.test(word) && word !== name);
  if (name === undefined || !words.includes("--current") || expected.length > 0)
    throw new LineRefusal("config set-context takes --current --namespace=NAME");
  return name;
}
