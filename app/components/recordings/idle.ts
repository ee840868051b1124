/** From when on a session that shows nothing new is told to be idle. */
export const IDLE_FROM_MS = 10_000;
