import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const LEVEL_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Best practices by which screen readers move about. */
const BEYOND_LEVEL_AA = { "landmark-unique": { enabled: true }, "heading-order": { enabled: true } };

/** The page as it is now keeps WCAG 2.2 AA; `beyond`: and what screen readers move about by. */
export async function expectNoViolations(page: Page, { beyond = false } = {}): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .options({ runOnly: LEVEL_AA, rules: beyond ? BEYOND_LEVEL_AA : {} })
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}
