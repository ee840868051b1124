import type { ReactNode } from "react";
import { formatSpan } from "../components/time/format-ago.ts";

/** How long a login of the command line counts; milliseconds. */
export interface LoginLimits {
  lifetimeMs: number;
  idleMs: number;
}

/** What somebody has to know of a program before they let it in. */
export function LoginFacts({ facts }: { facts: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[112px_1fr] gap-x-4 gap-y-2 rounded-[6px] border border-line p-4 text-nav max-tablet:grid-cols-1 max-tablet:gap-y-0.5">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-fg-3 max-tablet:mt-1.5">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function describeAbilities(scopes: readonly string[] | null): string {
  if (scopes === null)
    return "Everything that you may: call clusters as far as your grants reach, and use the API in your name. Every call is on the record as yours.";
  return `In your name, no more than ${scopes.join(", ")}. Every call is on the record as yours.`;
}

export const describeLimits = ({ lifetimeMs, idleMs }: LoginLimits): string =>
  `${formatSpan(lifetimeMs)} at the most, and no longer than ${formatSpan(idleMs)} without use. You can end it at any time: Access › My sessions and tokens.`;
