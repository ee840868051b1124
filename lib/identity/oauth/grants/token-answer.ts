/** RFC 6749, section 5.1. */
export interface LoginTokens {
  access_token: string;
  token_type: "Bearer";
  /** Seconds. */
  expires_in: number;
  refresh_token: string;
  /** Left out where it is all that the person may. */
  scope?: string;
}
