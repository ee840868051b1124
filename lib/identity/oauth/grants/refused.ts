import type { TokenErrorCode } from "../../application-tokens/token-request.ts";

/** Why a grant is refused, where the transaction has to keep something of it all the same: that it was used, that a login ended. */
export class Refused {
  readonly description: string;
  readonly code: TokenErrorCode;

  constructor(description: string, code: TokenErrorCode = "invalid_grant") {
    this.description = description;
    this.code = code;
  }
}

/** What was presented was never given to anybody: somebody guesses, which is a failed authentication. */
export class Unknown extends Refused {}
