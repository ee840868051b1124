/** What a session was. `shell`: the web shell. */
export const SESSION_KINDS = { exec: 0, attach: 1, debug: 2, cp: 3, run: 4, shell: 5 } as const;
export type SessionKind = keyof typeof SESSION_KINDS;

/**
 * How a session ended. `completed`: the cluster said how. `disconnected`: a side left before that. `terminated`: somebody ended it with a reason.
 * `revoked`: its access ended. `interrupted`: the gateway went away with it. `unrecorded`: its recording could not go on.
 */
export const ENDINGS = {
  completed: 0,
  disconnected: 1,
  terminated: 2,
  revoked: 3,
  interrupted: 4,
  unrecorded: 5,
} as const;
export type Ending = keyof typeof ENDINGS;

export const YES_NO = { no: 0, yes: 1 } as const;

/** What a row of `recording_text` holds: a command line, or lines that were shown. */
export const TEXT_KIND = { command: 1, output: 2 } as const;
export type TextKind = (typeof TEXT_KIND)[keyof typeof TEXT_KIND];
