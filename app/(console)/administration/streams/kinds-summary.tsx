import { DESTINATIONS } from "../../../../lib/streams/destinations/schema.ts";

/** What streams are, and where they can send. */
export function KindsSummary() {
  return (
    <>
      A stream sends what is recorded on to where you search and keep it, in order, at least once. A receiver
      that is away holds nothing else up: it is sent what it missed when it is back.
      <ul className="mt-3 grid gap-1.5">
        {DESTINATIONS.map(({ kind, title, about }) => (
          <li key={kind}>
            <b className="font-medium text-fg">{title}.</b> {about}
          </li>
        ))}
      </ul>
    </>
  );
}
