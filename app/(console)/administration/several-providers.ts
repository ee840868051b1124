/** Whether what is listed belongs to more than one identity provider; one that is not configured any more counts as another. */
export const hasSeveralProviders = (
  rows: readonly { provider: string | null; formerIssuer: string | null }[] | null,
): boolean => new Set((rows ?? []).map(({ provider, formerIssuer }) => provider ?? formerIssuer)).size > 1;
