import { KeyHint } from "./key-hint.tsx";

/** The keys that the line at the bottom of a page names, and what each group does. */
export function FootKeys({ keys }: { keys: readonly [keys: readonly string[], meaning: string][] }) {
  return (
    <div className="foot-keys" aria-hidden>
      {keys.map(([group, meaning]) => (
        <span key={meaning}>
          {group.map((key) => (
            <KeyHint key={key}>{key}</KeyHint>
          ))}
          {meaning}
        </span>
      ))}
    </div>
  );
}
