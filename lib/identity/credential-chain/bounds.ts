import { commonScopes } from "../../access/key-scopes/kept-scopes.ts";
import type { Scope } from "../../access/key-scopes/schema.ts";
import { AppError } from "../../errors.ts";
import { areWithin, commonNetworks } from "../../http/networks.ts";
import type { Maker } from "./chain.ts";

/** What a key may be used for, and from where. */
export interface KeyBounds {
  /** null: for all that its owner may. */
  scopes: readonly Scope[] | null;
  /** Empty: from everywhere. */
  networks: readonly string[];
}

/**
 * The bounds of a key that is being made: those that are asked for, which lie within those of what it is made with; what is not asked for is as of that.
 * @throws AppError `invalid_argument` that names the scope or the network that is too much.
 */
export function boundsWithin(maker: Maker, asked: Partial<KeyBounds>): KeyBounds {
  const { scopes = maker.scopes, networks = maker.networks } = asked;
  if (maker.scopes !== null) {
    const beyond = scopes === null ? "all" : scopes.filter((scope) => !maker.scopes!.includes(scope));
    if (beyond === "all" || beyond.length > 0) {
      const got = beyond === "all" ? "all that the owner may" : beyond.join(", ");
      throw tooMuch("scopes", got, `what the key that asks has: ${maker.scopes.join(", ")}`);
    }
  }
  if (!areWithin(networks, maker.networks)) {
    const got = networks.length === 0 ? "every network" : networks.join(", ");
    throw tooMuch(
      "networks",
      got,
      `networks within those of the key that asks: ${maker.networks.join(", ")}`,
    );
  }
  return { scopes, networks };
}

function tooMuch(field: string, got: string, takes: string): AppError {
  return new AppError("invalid_argument", `${field}: got ${got}; takes ${takes}`, {
    details: [{ field, got, takes }],
  });
}

/**
 * What both permit: of an application, and of what its secret was made with.
 * @throws AppError `unauthenticated` where that is nothing.
 */
export function commonBounds(a: KeyBounds, b: KeyBounds): KeyBounds {
  const scopes = commonScopes(a.scopes, b.scopes);
  const networks = commonNetworks(a.networks, b.networks);
  if (networks === null || scopes?.length === 0) {
    throw new AppError(
      "unauthenticated",
      "The application and the key that its secret was made with have no scope or no network in common.",
    );
  }
  return { scopes, networks };
}
