/** A kubectl command that may run: nothing of the line reaches kubectl but by `args`. */
export interface AllowedCommand {
  /** With its subcommands, e.g. `create deployment`. */
  verb: string;
  /** What kubectl is given. Every flag is one word, `--name=value`. */
  args: string[];
  /** The same in parts, for what is made of several commands: flags, and what is neither flag nor verb. */
  flags: { name: string; value: string }[];
  places: string[];
  /** A file of the private directory that is fed to its standard input (`-f file`). */
  standardInput: string | null;
  /** Files of the private directory that kubectl itself opens; to be checked before it starts. */
  reads: string[];
  /** File or folder of the private directory that kubectl itself writes (`cp`, which stands alone in a line); to be checked, too. */
  writes: string | null;
  /** Whether it asked for standard input (`-i`, `-f -`). */
  takesInput: boolean;
  /** `create --edit` and `edit`: what is created or changed goes through an editor in the page first. */
  edits: boolean;
}
