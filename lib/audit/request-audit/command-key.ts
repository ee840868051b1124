/**
 * What tells one command from another. A session's id is the client's word: two people's calls under the same one, or one person's at two clusters, with
 * another token or another claim, are commands of their own.
 */
export interface CommandKey {
  session_id: string;
  actor_id: number;
  cluster_id: number;
  command_id: number | null;
  token_id: string | null;
}

/** How long before its calls a line of the web shell is looked for. */
export const LONGEST_LINE_MS = 24 * 3_600_000;

export const KEY_COLUMNS = "session_id, actor_id, cluster_id, command_id, token_id";

export const keyText = ({ session_id, actor_id, cluster_id, command_id, token_id }: CommandKey): string =>
  `${session_id} ${actor_id} ${cluster_id} ${command_id} ${token_id}`;

/** The sessions that commands say to be of. */
export const sessionsOf = (keys: Iterable<CommandKey>): string[] => [
  ...new Set([...keys].map(({ session_id }) => session_id)),
];
