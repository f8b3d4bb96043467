// The live preview of the Population area: charts follow the sliders, and are those of the run with that mix.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pickFiles, run, sample, setRun, useHelper } from "./support.js";

const { open } = useHelper();

const TITLE = "Completions by type and source";

/** The labels of a chart's bars, such as "type a, AI: 123", of the charts in view. */
const bars = (page, title = TITLE) =>
  page.evaluate((title) => {
    const heading = [...document.querySelectorAll(".area:not([hidden]) h4")].find((one) => one.textContent === title);
    return [...heading.parentElement.querySelectorAll("[data-bar]")].map((bar) => bar.getAttribute("aria-label"));
  }, title);

const waitForOtherBars = (page, before) =>
  page.waitForFunction(
    ([title, before]) => {
      const heading = [...document.querySelectorAll(".area:not([hidden]) h4")].find((one) => one.textContent === title);
      const bars = [...(heading?.parentElement.querySelectorAll("[data-bar]") ?? [])];
      const labels = bars.map((bar) => bar.getAttribute("aria-label"));
      return labels.length > 0 && JSON.stringify(labels) !== before;
    },
    [TITLE, JSON.stringify(before)],
  );

const slider = (page, name) => page.getByRole("slider", { name });

/** The page with sample inputs, at its Population area, with charts. */
async function population(employees, options) {
  const opened = await open(options);
  await pickFiles(opened.page, sample(employees));
  await setRun(opened.page);
  await opened.page.getByRole("link", { name: "Population" }).click();
  await waitForOtherBars(opened.page, []);
  return opened;
}

test("the charts follow the sliders, and are those of the run with this mix", async () => {
  const { page, context, complaints } = await population(600);
  const before = await bars(page);
  await slider(page, "Share of type f, slider").focus();
  await page.keyboard.press("End");
  await waitForOtherBars(page, before);
  await page.waitForFunction(() => document.querySelector('.area:not([hidden]) [aria-label="type a, manager: 0"]'));
  assert.deepEqual([...new Set((await bars(page)).map((label) => label.split(": ")[1]))], ["0"]);

  const nobody = await bars(page);
  await slider(page, "Share of type a, slider").focus();
  await page.keyboard.press("End");
  await waitForOtherBars(page, nobody);
  await page.waitForFunction(() => document.querySelector('.area:not([hidden]) [aria-label="type f, manager: 0"]'));
  await page.getByLabel("Use this mix for the run").check();
  const previewed = {};
  const titles = [TITLE, "Assigned against completed", "Completions over the shift", "Contents most completed"];
  for (const title of titles) previewed[title] = await bars(page, title);
  await page.getByRole("link", { name: "Run", exact: true }).click();
  await run(page);
  for (const title of titles) assert.deepEqual(await bars(page, title), previewed[title], title);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a bar shows the employees behind it, and each says why", async () => {
  const { page, context } = await population(600);
  const [title, reason] = ["Daily Doses not given, by reason", "skipped: one open this week"];
  const bar = page.getByRole("button", { name: new RegExp(`^${reason}: `) });
  const count = (await bar.getAttribute("aria-label")).split(": ").at(-1);
  await bar.click();
  const table = page.getByRole("table", { name: `Employees behind "${title}: ${reason}"` });
  await page.getByText(`(${count} employee`).waitFor();
  await table.getByRole("button").first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("more than 24 hours").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  const heading = page.getByRole("heading", { name: `Employees behind "${title}: ${reason}"` });
  assert.ok(await heading.evaluate((heading) => heading.getBoundingClientRect().bottom <= window.innerHeight), "in view");
  await page.getByRole("button", { name: "Close the list" }).click();
  await table.waitFor({ state: "detached" });
  assert.ok(await bar.evaluate((bar) => bar === document.activeElement), "back to the bar");
  await context.close();
});

test("two scenarios have their charts side by side", async () => {
  const { page, context } = await population(200);
  await page.getByText("Two scenarios side by side").click();
  await page.getByLabel("First scenario").selectOption("Nobody completes");
  await page.getByLabel("Second scenario").selectOption("Everyone engaged");
  const sides = page.locator(".side");
  await sides.nth(0).getByLabel("type a, manager: 0").waitFor();
  const engaged = sides.nth(1).getByRole("button", { name: /^type a, manager: / });
  await engaged.waitFor();
  assert.notEqual((await engaged.getAttribute("aria-label")).split(": ")[1], "0");
  // One count is as wide on both sides.
  await page.getByLabel("First scenario").selectOption("A usual store");
  await sides.nth(0).getByRole("button", { name: /^type b, manager: / }).waitFor();
  const widths = async (side) => {
    const bars = await side.getByRole("button", { name: /^type ., manager: / }).all();
    return Promise.all(bars.map((bar) => bar.evaluate((bar) => {
      const count = Number(bar.getAttribute("aria-label").split(": ")[1].replaceAll(",", ""));
      return bar.querySelector(".mark").getBoundingClientRect().width / count;
    })));
  };
  const [usual, everyone] = [await widths(sides.nth(0)), await widths(sides.nth(1))];
  for (const width of usual) assert.ok(Math.abs(width / everyone[0] - 1) < 0.02, `${usual} and ${everyone}`);
  await context.close();
});

const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

test("everybody can use the preview, on a phone too", async () => {
  const { page, context } = await population(60, { viewport: { width: 360, height: 740 }, bypassCSP: true });
  await page.getByText("Two scenarios side by side").click();
  await page.locator(".side").nth(1).getByText("Contents most completed").waitFor();
  await page.getByRole("button", { name: /^Daily Dose, assigned: / }).first().click();
  await page.getByRole("table", { name: /^Employees behind/ }).getByRole("button").first().waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, "nothing is wider than the window");
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  assert.deepEqual(violations.map((one) => [one.id, one.nodes.map((node) => node.html)]), []);
  await context.close();
});
