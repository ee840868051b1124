"use client";

import {
  BookOpen,
  ChevronDown,
  Clock,
  LogOut,
  Monitor,
  Moon,
  Settings2,
  ShieldCheck,
  Sun,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "../dropdown-menu.tsx";
import type { Theme } from "../theme/theme.ts";
import { useTheme } from "../theme/theme-provider.tsx";
import { useTimeZoneChoice } from "../time/time-zone.tsx";
import { TimeZoneDialog } from "../time/time-zone-dialog.tsx";
import { signOut } from "./sign-out.ts";
import { initialsOf, useViewer } from "./viewer.tsx";

/** Who is signed in; theme, time zone, sign out. */
export function AccountMenu() {
  const viewer = useViewer();
  const { theme, setTheme } = useTheme();
  const { timeZone } = useTimeZoneChoice();
  const [zoneOpen, setZoneOpen] = useState(false);
  const router = useRouter();
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger className="inline-flex items-center gap-1 rounded-2 p-0.5 text-fg-3 max-tablet:p-2.5 [&_svg]:size-3">
          <span className="sr-only">
            Account: {viewer.name}, {viewer.consoleRole}
          </span>
          <span className="avatar" aria-hidden>
            {initialsOf(viewer.name || viewer.email)}
          </span>
          <ChevronDown aria-hidden className="max-tablet:hidden" />
        </DropdownMenuTrigger>
        <DropdownMenuContent className="w-64">
          <div className="px-2 pt-1.5 pb-2">
            <div className="cut font-medium text-fg">{viewer.name}</div>
            <div className="cut text-meta text-fg-3">
              {viewer.email} · {viewer.consoleRole}
            </div>
          </div>
          <DropdownMenuSeparator />
          <DropdownMenuRadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
            <DropdownMenuRadioItem value="system">
              <Monitor aria-hidden /> System theme
            </DropdownMenuRadioItem>
            <DropdownMenuRadioItem value="light">
              <Sun aria-hidden /> Light
            </DropdownMenuRadioItem>
            <DropdownMenuRadioItem value="dark">
              <Moon aria-hidden /> Dark
            </DropdownMenuRadioItem>
          </DropdownMenuRadioGroup>
          <DropdownMenuSeparator />
          <DropdownMenuItem hint={timeZone} onSelect={() => setZoneOpen(true)}>
            <Clock aria-hidden /> Time zone
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => router.push("/access/security")}>
            <ShieldCheck aria-hidden /> My security
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => router.push("/administration/settings")}>
            <Settings2 aria-hidden /> Settings
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => router.push("/docs/api")}>
            <BookOpen aria-hidden /> API reference
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem onSelect={() => void signOut()}>
            <LogOut aria-hidden /> Sign out
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <TimeZoneDialog open={zoneOpen} onOpenChange={setZoneOpen} />
    </>
  );
}
