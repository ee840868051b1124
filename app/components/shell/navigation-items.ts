import {
  Activity,
  AppWindow,
  Bell,
  Box,
  Building2,
  Cable,
  Fingerprint,
  FlaskConical,
  FolderKanban,
  HandHelping,
  History,
  KeyRound,
  KeySquare,
  List,
  LogIn,
  type LucideIcon,
  MonitorSmartphone,
  RefreshCw,
  Server,
  Settings2,
  Shield,
  SquarePlay,
  SquareTerminal,
  User,
  Users,
  Waves,
  Webhook,
} from "lucide-react";
import type { ComponentType } from "react";
import type { Permission } from "../../../lib/access/permission.ts";
import { LiveCount } from "../recordings/live-count.tsx";
import { RequestCount } from "../requests/request-count.tsx";

export interface NavigationItem {
  label: string;
  /** On the phone's bottom bar, where room is short. */
  shortLabel?: string;
  href: string;
  icon: LucideIcon;
  /** What one must be permitted to see the page; null where everyone sees their own part of it. */
  permission: Permission | null;
  /** Beside the label: how many of something there are now. Shown to those with `permission`. */
  count?: { of: ComponentType; permission: Permission };
}

export interface NavigationGroup {
  label: string;
  items: readonly NavigationItem[];
}

/** The console's pages. What the viewer may not see is not shown; the pages check for themselves as well. */
const GROUPS: readonly NavigationGroup[] = [
  {
    label: "Audit",
    items: [
      { label: "Overview", href: "/audit/overview", icon: Activity, permission: "audit:read" },
      {
        label: "Request Audit",
        shortLabel: "Calls",
        href: "/audit/kubernetes/request-audit",
        icon: List,
        permission: null,
      },
      {
        label: "Event History",
        shortLabel: "Events",
        href: "/audit/event-history",
        icon: History,
        permission: null,
      },
      {
        label: "Pod sessions",
        shortLabel: "Sessions",
        href: "/audit/kubernetes/recordings",
        icon: SquarePlay,
        permission: null,
        count: { of: LiveCount, permission: "recordings:play" },
      },
      { label: "Alerts", href: "/audit/alerts", icon: Bell, permission: "alerts:read" },
    ],
  },
  {
    label: "Access",
    items: [
      { label: "My access", href: "/access/me", icon: SquareTerminal, permission: null },
      { label: "My security", href: "/access/security", icon: Fingerprint, permission: null },
      {
        label: "My sessions and tokens",
        href: "/access/sessions",
        icon: MonitorSmartphone,
        permission: null,
      },
      { label: "Roles", href: "/access/roles", icon: Shield, permission: "access:read" },
      {
        label: "Requests",
        href: "/access/requests",
        icon: HandHelping,
        permission: "requests:own",
        count: { of: RequestCount, permission: "requests:own" },
      },
      { label: "Grants", href: "/access/grants", icon: KeyRound, permission: "access:read" },
      { label: "Simulator", href: "/access/simulator", icon: FlaskConical, permission: "access:read" },
    ],
  },
  {
    label: "Infrastructure",
    items: [
      { label: "Clusters", href: "/infrastructure/clusters", icon: Box, permission: "clusters:read" },
      { label: "Agents", href: "/infrastructure/agents", icon: Cable, permission: "agents:read" },
      {
        label: "Projects",
        href: "/infrastructure/projects",
        icon: FolderKanban,
        permission: "projects:read",
      },
      {
        label: "Departments",
        href: "/infrastructure/departments",
        icon: Building2,
        permission: "projects:read",
      },
      { label: "Node pools", href: "/infrastructure/node-pools", icon: Server, permission: "projects:read" },
    ],
  },
  {
    label: "Administration",
    items: [
      { label: "Users", href: "/administration/users", icon: User, permission: "people:read" },
      { label: "Groups", href: "/administration/groups", icon: Users, permission: "people:read" },
      {
        label: "Provisioning",
        href: "/administration/provisioning",
        icon: RefreshCw,
        permission: "people:read",
      },
      {
        label: "Applications",
        href: "/administration/applications",
        icon: AppWindow,
        permission: "applications:read",
      },
      {
        label: "Webhooks",
        href: "/administration/webhooks",
        icon: Webhook,
        permission: "settings:read",
      },
      { label: "Streams", href: "/administration/streams", icon: Waves, permission: "streams:read" },
      { label: "API keys", href: "/administration/api-keys", icon: KeySquare, permission: "people:read" },
      { label: "Providers", href: "/administration/providers", icon: LogIn, permission: "settings:read" },
      { label: "Settings", href: "/administration/settings", icon: Settings2, permission: "settings:read" },
    ],
  },
];

/** The groups and items that a viewer with these permissions may see; empty groups are left out. */
export function navigationFor(permissions: readonly Permission[]): NavigationGroup[] {
  return GROUPS.map((group) => ({
    ...group,
    items: group.items.filter(({ permission }) => permission === null || permissions.includes(permission)),
  })).filter((group) => group.items.length > 0);
}

/** Where a viewer lands after signing in. */
export function landingPage(permissions: readonly Permission[]): string {
  return navigationFor(permissions)[0]?.items[0]?.href ?? "/access/me";
}

/** Whether the page at `path` belongs to the item. */
export function isCurrent(item: NavigationItem, path: string): boolean {
  return path === item.href || path.startsWith(`${item.href}/`);
}
