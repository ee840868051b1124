/** One setting in words: what it is in effect, never a secret. */
export interface ShownSetting {
  /** Its place in config.yaml. */
  name: string;
  /** The environment variable that sets it, too. */
  variable: string;
  /** null where it is not set. */
  value: string | null;
  meaning: string;
  takes: string;
  /** The default; null where there is none. */
  fallback: string | null;
}
