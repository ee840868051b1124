import type { VirtualFileSystem } from "./files/virtual-file-system.ts";
import type { ProcessContext } from "./process-context.ts";
import type { ProcessTable } from "./process-table.ts";

export interface ContainerIdentity {
  namespace: string;
  pod: string;
  container: string;
  image: string;
  ip: string;
  /** The node that the pod runs on. */
  node: string;
}

/** What programs may use of the container they run in. */
export interface Container {
  readonly identity: ContainerIdentity;
  readonly files: VirtualFileSystem;
  readonly processes: ProcessTable;
  readonly startedAt: Date;
  /** Environment of every new exec. */
  readonly environment: ReadonlyMap<string, string>;
  /** Runs a program as a child and waits; 127 and 126 as a shell gives them where there is none. */
  run(parent: ProcessContext, command: string[], changes?: Partial<ProcessChanges>): Promise<number>;
  /** The absolute path of a program, by PATH or as given; undefined where it cannot be run. */
  findProgram(name: string, input: { directory: string; path: string }): string | undefined;
}

export type ProcessChanges = Pick<
  ProcessContext,
  "stdin" | "stdout" | "stderr" | "directory" | "environment"
>;
