import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const LEVEL_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Best practices by which screen readers move about. */
const BEYOND_LEVEL_AA = { "landmark-unique": { enabled: true }, "heading-order": { enabled: true } };

/** The page as it is now keeps WCAG 2.2 AA; `beyond`: and what screen readers move about by. */
export async function expectNoViolations(page: Page, { beyond = false } = {}): Promise<void> {
  await settle(page);
  const { violations } = await new AxeBuilder({ page })
    .options({ runOnly: LEVEL_AA, rules: beyond ? BEYOND_LEVEL_AA : {} })
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}

/** Half-way through a transition, colours are of neither state: those that are under way end first. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    // What has just come begins to move in the next one.
    await frame();
    await frame();
    const moving = document
      .getAnimations()
      .filter(
        ({ effect, playState }) =>
          playState === "running" && effect?.getComputedTiming().endTime !== Infinity,
      );
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });
}
