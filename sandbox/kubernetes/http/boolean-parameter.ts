/**
 * A boolean parameter of a query as apimachinery converts it (Convert_Slice_string_To_bool): only absence, `false` in any letters and
 * `0` are false; of repeated ones the first counts.
 */
export function isTrueParameter(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}
