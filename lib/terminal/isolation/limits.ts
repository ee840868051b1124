/** What one program of a session may use. */
export interface ProgramLimits {
  cpuSeconds: number;
  /** Address space. Go needs 800 MiB of it before it has done anything; what it really uses is bounded by {@link heapBytes}. */
  addressSpaceBytes: number;
  heapBytes: number;
  /** Processes and threads of the user; null where that user has others, too. */
  processes: number | null;
  openFiles: number;
  /** Largest file that it writes. */
  fileBytes: number;
}

export const PROGRAM_LIMITS = {
  cpuSeconds: 600,
  addressSpaceBytes: 2 * 2 ** 30,
  heapBytes: 256 * 2 ** 20,
  processes: 512,
  openFiles: 256,
} as const;

/** The options of prlimit (util-linux) for them. */
export function prlimitOptions(limits: ProgramLimits): string[] {
  return [
    `--cpu=${limits.cpuSeconds}`,
    `--as=${limits.addressSpaceBytes}`,
    ...(limits.processes === null ? [] : [`--nproc=${limits.processes}`]),
    `--nofile=${limits.openFiles}`,
    `--fsize=${limits.fileBytes}`,
    "--core=0",
  ];
}
