/** A person whom the sandbox's identity provider knows. */
export interface SandboxAccount {
  /** The claim `sub`. */
  id: string;
  name: string;
  email: string;
  /** What the sign-in page says of them. */
  title: string;
  groups: string[];
  /** Whether they may sign in; true where it is left out. */
  enabled?: boolean;
}
