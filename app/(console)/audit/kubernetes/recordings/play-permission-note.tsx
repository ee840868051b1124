import { Lock } from "lucide-react";

/** Why somebody who sees the list cannot play what it lists. */
export function PlayPermissionNote() {
  return (
    <p className="list-note">
      <Lock aria-hidden />
      <span>
        You see your own sessions. What was shown in them is played by those who have the permission{" "}
        <span className="mono">recordings:play</span>: auditors and administrators.
      </span>
    </p>
  );
}
