import type { Command } from "../command.ts";
import { cat, download, echo, ls, rm, upload } from "../file-commands.ts";
import { runFilter } from "../filters/run-filter.ts";
import { less } from "../less.ts";
import { clear, config, ctx, exit, history, ns } from "../session-commands.ts";

const help: Command = {
  usage: "help",
  about: "this list; kubectl help VERB for one of kubectl's",
  async run({ write }) {
    const commands = [...helpers.values()].map(({ usage, about }) => `  ${usage.padEnd(34)} ${about}\n`);
    await write(
      [
        "kubectl VERB …                       kubectl on this cluster, as you: get, describe, logs, exec, apply, edit, cp …\n",
        ...commands,
        "\nprogram | program   program > file   program >> file   program < file   kubectl apply -f FILE or -f -\n",
        "Tab completes. Ctrl-R searches lines that were run. There is no other program and no host shell here.\n",
      ].join(""),
    );
    return 0;
  },
};

const filter = (name: string, options: string, about: string): Command => ({
  ...{ usage: `${name} ${options}`, about },
  run: (context) => runFilter(name, context),
});

const filters = {
  grep: filter(
    "grep",
    "[-ivncF] PATTERN [FILE…]",
    "lines that have the pattern (RE2); -i any case, -v the others, -n numbered, -c counted, -F plain text",
  ),
  jq: filter("jq", "[-rc] FILTER [FILE…]", "takes JSON apart; -r texts without quotes, -c one line each"),
  head: filter("head", "[-n COUNT] [FILE…]", "the first lines"),
  tail: filter("tail", "[-n COUNT] [FILE…]", "the last lines"),
  wc: filter("wc", "[-lwc] [FILE…]", "lines, words and bytes counted"),
  sort: filter("sort", "[-rnu] [FILE…]", "lines in order; -r backwards, -n by number, -u each once"),
};

/** Every helper by the name that it is called by. */
export const helpers: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ...{ help, history, clear, ns, ctx, exit },
    ...{ less, ...filters },
    ...{ cat, echo, ls, rm, upload, download },
  }),
);

/** `kubectl config`, which this process answers. */
export const kubectlConfig: Command = config;
