/** The words of RFC 7644, section 3.12, for what is wrong with a request. */
export type ScimErrorType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue";

const ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

/** What a SCIM client is told; `message` is its `detail`, safe to show. */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimErrorType | null;

  constructor(status: number, scimType: ScimErrorType | null, detail: string) {
    super(detail);
    this.name = "ScimError";
    this.status = status;
    this.scimType = scimType;
  }
}

export const invalidValue = (detail: string) => new ScimError(400, "invalidValue", detail);
export const notFound = (kind: "User" | "Group") =>
  new ScimError(404, null, `There is no ${kind} with that id among those of this token's identity provider.`);
export const taken = (detail: string) => new ScimError(409, "uniqueness", detail);

/** The body of an error answer. */
export function errorBody(status: number, detail: string, scimType: ScimErrorType | null = null) {
  return { schemas: [ERROR_SCHEMA], status: String(status), ...(scimType ? { scimType } : {}), detail };
}
