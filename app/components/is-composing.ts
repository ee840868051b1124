/**
 * Whether a key belongs to the input method, which makes one character of several (Korean, Japanese, Chinese): its Enter takes a
 * candidate and its Escape lets go of one; neither is meant for the page. Safari ends the composition before the key that ended it, whose
 * code is 229 then.
 */
export function isComposing(event: { isComposing: boolean; keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}
