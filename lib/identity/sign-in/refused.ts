/** Why a sign-in was refused. The code goes to the sign-in page's URL, the text to Event History. */
export class SignInRefused extends Error {
  readonly code:
    | "AccessDenied"
    | "Disabled"
    | "Deactivated"
    | "EmailTaken"
    | "ProviderChanged"
    | "Claims"
    | "DomainNotAllowed"
    | "NotLinked";

  constructor(code: SignInRefused["code"], message: string) {
    super(message);
    this.name = "SignInRefused";
    this.code = code;
  }
}
