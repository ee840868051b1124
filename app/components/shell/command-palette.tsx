"use client";

import { Command } from "cmdk";
import { BookOpen, LogOut, type LucideIcon, Monitor, Moon, Search, Sun } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog as RadixDialog } from "radix-ui";
import { useState } from "react";
import { classNames } from "../class-names.ts";
import { SCRIM } from "../dialog.tsx";
import { PANEL } from "../popover.tsx";
import { useTheme } from "../theme/theme-provider.tsx";
import { navigationFor } from "./navigation-items.ts";
import { signOut } from "./sign-out.ts";
import { useViewer } from "./viewer.tsx";

/** ⌘K: every page and a few actions by name; a number opens that call. */
export function CommandPalette({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const [search, setSearch] = useState("");
  const { permissions } = useViewer();
  const { setTheme } = useTheme();
  const router = useRouter();
  const number = /^\s*(?:no\s*)?(\d[\d,]*)\s*$/i.exec(search)?.[1]?.replaceAll(",", "");

  function run(action: () => void) {
    onOpenChange(false);
    setSearch("");
    action();
  }

  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={SCRIM} />
        <RadixDialog.Content
          aria-describedby={undefined}
          className={classNames(
            PANEL,
            "fixed top-[14vh] left-1/2 z-50 w-[520px] max-w-[calc(100vw-24px)] -translate-x-1/2 overflow-hidden",
          )}
        >
          <RadixDialog.Title className="sr-only">Jump to</RadixDialog.Title>
          <Command label="Jump to">
            <div className="flex h-11 items-center gap-2.5 border-b border-line px-3.5 text-fg-3 [&_svg]:size-4">
              <Search aria-hidden />
              <Command.Input
                value={search}
                onValueChange={setSearch}
                placeholder="Page, action, or the number of a call"
                className="w-full bg-transparent text-nav text-fg outline-none max-tablet:text-[16px]"
              />
            </div>
            <Command.List className="max-h-[50vh] overflow-auto p-1.5">
              <Command.Empty className="px-3 py-6 text-center text-fg-3">
                Nothing is called that.
              </Command.Empty>
              {number ? (
                <PaletteItem
                  value={search}
                  label={`Open call ${Number(number).toLocaleString("en-US")}`}
                  icon={Search}
                  onSelect={() => run(() => router.push(`/audit/kubernetes/request-audit/${number}`))}
                />
              ) : null}
              {navigationFor(permissions).map((group) => (
                <PaletteGroup key={group.label} heading={group.label}>
                  {group.items.map((item) => (
                    <PaletteItem
                      key={item.href}
                      label={item.label}
                      icon={item.icon}
                      onSelect={() => run(() => router.push(item.href))}
                    />
                  ))}
                </PaletteGroup>
              ))}
              <PaletteGroup heading="Documentation">
                <PaletteItem
                  label="API reference"
                  icon={BookOpen}
                  onSelect={() => run(() => router.push("/docs/api"))}
                />
              </PaletteGroup>
              <PaletteGroup heading="Appearance and session">
                <PaletteItem label="Light theme" icon={Sun} onSelect={() => run(() => setTheme("light"))} />
                <PaletteItem label="Dark theme" icon={Moon} onSelect={() => run(() => setTheme("dark"))} />
                <PaletteItem
                  label="System theme"
                  icon={Monitor}
                  onSelect={() => run(() => setTheme("system"))}
                />
                <PaletteItem label="Sign out" icon={LogOut} onSelect={() => run(() => void signOut())} />
              </PaletteGroup>
            </Command.List>
          </Command>
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

function PaletteGroup({ heading, children }: { heading: string; children: React.ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-fg-3"
    >
      {children}
    </Command.Group>
  );
}

function PaletteItem({
  label,
  value,
  icon: Icon,
  onSelect,
}: {
  label: string;
  value?: string;
  icon: LucideIcon;
  onSelect: () => void;
}) {
  return (
    <Command.Item
      value={value ?? label}
      onSelect={onSelect}
      className="flex h-8 items-center gap-2.5 rounded-[4px] px-2.5 text-nav text-fg data-[selected=true]:bg-bg-hot max-tablet:h-11 [&_svg]:text-fg-3"
    >
      <Icon aria-hidden />
      {label}
    </Command.Item>
  );
}
