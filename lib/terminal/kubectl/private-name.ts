import { LineRefusal } from "../line/line-refusal.ts";

const MOST_BYTES = 255;

/**
 * The name of a file of the private directory as it is handed to programs: relative, without `.` and `..`, without a leading `-`.
 * Throws a {@link LineRefusal} for anything else, such as a path of the host or an address.
 */
export function privateName(given: string): string {
  const name = given.replace(/^(\.\/+)+/, "").replace(/(?<=[^/])\/+$/, "");
  const says = `${JSON.stringify(given)} is no file of your directory`;
  if (/^https?:/i.test(given)) throw new LineRefusal(`${says}: addresses are not read, upload the file`);
  if (name.startsWith("/") || name.split("/").includes(".."))
    throw new LineRefusal(`${says}: only files that you uploaded or wrote here can be named (see ls)`);
  const parts = name.split("/");
  // A colon is cp's mark of a pod; an equals sign, a comma and a quote are marks within flags (pflag reads lists as CSV).
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const plain = parts.every((part) => part !== "" && part !== "." && !/^[-~]|[:=,"\\\0-\x1f\x7f]/.test(part));
  if (!plain)
    throw new LineRefusal(`${says}: a name has no colon, =, comma, quote, backslash, and no - in front`);
  if (Buffer.byteLength(name) > MOST_BYTES) throw new LineRefusal(`${says}: at most ${MOST_BYTES} bytes`);
  return name;
}
