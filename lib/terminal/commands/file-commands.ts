import { privateName } from "../kubectl/private-name.ts";
import { LineRefusal } from "../line/line-refusal.ts";
import type { Command } from "./command.ts";
import { inputOf } from "./input-of.ts";
import { readOptions } from "./options.ts";

export const cat: Command = {
  usage: "cat FILE…",
  about: "shows files of your directory",
  async run(context) {
    const { operands } = readOptions(context.words, "cat", "");
    for await (const chunk of inputOf(context, operands, "cat")) await context.write(chunk);
    return 0;
  },
};

export const echo: Command = {
  usage: "echo WORD…",
  about: "writes the words, e.g. to a file with >",
  async run(context) {
    await context.write(`${context.words.join(" ")}\n`);
    return 0;
  },
};

export const ls: Command = {
  usage: "ls",
  about: "lists your directory; it is emptied when this shell ends",
  async run(context) {
    readOptions(context.words, "ls", "la");
    for (const { name, bytes, modified, isFolder } of await context.files.list()) {
      const when = modified.toISOString().slice(0, 16).replace("T", " ");
      await context.write(`${`${bytes}`.padStart(10)}  ${when}  ${printable(name)}${isFolder ? "/" : ""}\n`);
    }
    return 0;
  },
};

/** A pod's archive may have named a file with codes for the terminal. */
const printable = (name: string) => name.replaceAll(/\p{C}/gu, "?");

export const rm: Command = {
  usage: "rm FILE…",
  about: "removes files and folders of your directory",
  async run(context) {
    const { operands } = readOptions(context.words, "rm", "rf");
    if (operands.length === 0) throw new LineRefusal("rm needs the name of a file");
    for (const name of operands) await context.files.remove(privateName(name));
    return 0;
  },
};

export const upload: Command = {
  usage: "upload [NAME]",
  about: "takes a file of your own machine into your directory",
  async run(context) {
    const [as, ...more] = context.words;
    if (more.length > 0) throw new LineRefusal("upload takes one name");
    const given = as === undefined ? null : privateName(as);
    const file = await context.shell.upload();
    if (!file) {
      context.complain("nothing was uploaded");
      return 1;
    }
    const name = given ?? privateName(file.name.replaceAll(/[^\p{L}\p{N}._-]/gu, "_").replace(/^-/, "_"));
    await context.files.place(file.path, name);
    await context.write(`${name}\n`);
    return 0;
  },
};

export const download: Command = {
  usage: "download FILE",
  about: "gives a file of your directory to your browser",
  async run(context) {
    const [given, ...more] = context.words;
    if (given === undefined || more.length > 0) throw new LineRefusal("download needs the name of one file");
    const name = privateName(given);
    const file = await context.files.openToRead(name);
    try {
      // The open file, not its name: a program cannot put another one in its place.
      const path = process.platform === "linux" ? `/proc/self/fd/${file.fd}` : context.files.pathOf(name);
      await context.shell.download(name.split("/").at(-1)!, path);
    } finally {
      await file.close();
    }
    return 0;
  },
};
