import { AppWindow, type LucideIcon, User, Users } from "lucide-react";
import type { GrantView } from "../../../../lib/access/grants/schema.ts";

const KINDS: Record<GrantView["subject"]["kind"], { icon: LucideIcon; label: string }> = {
  user: { icon: User, label: "User" },
  group: { icon: Users, label: "Group" },
  application: { icon: AppWindow, label: "Application" },
};

/** Who has a grant: icon and name. */
export function Subject({ subject }: { subject: GrantView["subject"] }) {
  const { icon: Icon, label } = KINDS[subject.kind];
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <Icon role="img" aria-label={label} className="size-3.5! text-fg-3" />
      <span className="cut">{subject.name}</span>
    </span>
  );
}

/** `developer to group payments` */
export const nameOfGrant = ({ role, subject }: GrantView) =>
  `${role.name} to ${subject.kind} ${subject.name}`;

/** Whether a grant does not count any more. */
export const isExpired = ({ expiresAt }: GrantView) =>
  expiresAt !== null && Date.parse(expiresAt) <= Date.now();
