import { Fact } from "../audit/detail/facts.tsx";
import { aboutScope, describeNetworks, type KeyBounds } from "./key-bounds.ts";

/** What a key may be used for and from where, in a drawer. */
export function BoundsFacts({ bounds, everything }: { bounds: KeyBounds; everything: string }) {
  return (
    <>
      <Fact name="Scopes">
        {bounds.scopes === null ? (
          everything
        ) : (
          <ul>
            {bounds.scopes.map((scope) => (
              <li key={scope} title={aboutScope(scope)} className="identifier">
                {scope}
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact name="Networks">{describeNetworks(bounds)}</Fact>
    </>
  );
}
