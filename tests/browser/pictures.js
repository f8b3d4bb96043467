// Takes the pictures of the guides from the real page, with the same inputs and the same seed each time: `make pictures`.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  commandLineFiles, openPage, pickFiles, run, sample, setRun, startChromium, startHelper, temporaryFolder,
} from "./support.js";

const PICTURES = new URL("../../docs/pictures/", import.meta.url).pathname;
const WIDTH = 1000;

const area = (page, name) => page.getByRole("link", { name, exact: true }).click();

/** A picture of everything from one element to the end of another, with a little room around. */
async function picture(page, name, from, to = from) {
  await from.scrollIntoViewIfNeeded();
  await page.evaluate(() => document.activeElement?.blur());
  const [first, last, scrolled] = [await from.boundingBox(), await to.boundingBox(), await page.evaluate(() => window.scrollY)];
  const y = Math.max(0, first.y + scrolled - 12);
  const clip = { x: 0, y, width: WIDTH, height: last.y + scrolled + last.height + 12 - y };
  await page.screenshot({ path: join(PICTURES, name), clip, fullPage: true });
  console.log(`docs/pictures/${name}`);
}

const section = (page, name) => page.getByRole("region", { name, exact: true });

async function ofRun(page, inputs) {
  await pickFiles(page, { "Employees CSV": inputs["Employees CSV"], "StandAloneContent CSV": inputs["StandAloneContent CSV"] });
  await page.getByText("Daily Doses").first().waitFor();
  await picture(page, "files.png", page.getByRole("banner"), section(page, "Files"));
  await pickFiles(page, inputs);
  await setRun(page);
  await run(page);
  await picture(page, "results.png", section(page, "Run"), page.getByRole("heading", { name: "Recommendations", exact: true }));
  await page.getByRole("table", { name: "Completed trainings" }).getByRole("button", { name: /: why\?$/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "Rows in the files" }).waitFor();
  await dialog.screenshot({ path: join(PICTURES, "why.png") });
  console.log("docs/pictures/why.png");
  await page.keyboard.press("Escape");
}

async function ofMix(page) {
  await area(page, "Mix");
  await page.getByRole("button", { name: "Open the table" }).click();
  await page.getByRole("grid", { name: "Employees" }).getByRole("row").nth(3).waitFor();
  await page.getByLabel("Share of type b in percent").fill("60");
  await page.getByLabel("Share of type b in percent").press("Enter");
  await page.getByRole("button", { name: /^completes one \(b\), manager: .* \(/ }).first().waitFor();
  await picture(page, "mix.png", section(page, "What if …"), section(page, "What a run would give"));
  await picture(page, "employees.png", section(page, "Employees"));
  await page.getByRole("button", { name: "Compare two" }).click();
  await page.getByLabel("First scenario").selectOption("A usual store");
  await page.getByLabel("Second scenario").selectOption("Nobody completes");
  await page.getByRole("button", { name: /^A usual store, completes all/ }).first().waitFor();
  await picture(page, "scenarios.png", section(page, "What a run would give"));
}

async function ofSeries(page) {
  await area(page, "Series");
  await page.getByLabel("First day").fill("2026-01-26");
  await page.getByLabel("Days", { exact: true }).fill("5");
  await page.getByRole("button", { name: "Make series" }).click();
  await page.getByRole("link", { name: /^Download all days/ }).waitFor();
  await picture(page, "series.png", section(page, "Series"));
}

async function ofCheck(page, inputs) {
  const folder = temporaryFolder();
  const files = [...commandLineFiles(inputs, "--break", "bad-date,repeated-row")].map(([name, bytes]) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  });
  await area(page, "Check");
  await page.getByLabel("Files to check").setInputFiles(files);
  await page.getByText(/problem/).filter({ visible: true }).first().waitFor();
  await picture(page, "check.png", section(page, "Check"));
}

mkdirSync(PICTURES, { recursive: true });
const browser = await startChromium();
const helper = await startHelper();
const inputs = sample(120);
const { page } = await openPage(browser, helper.url, { viewport: { width: WIDTH, height: 800 } });
await ofRun(page, inputs);
await ofMix(page);
await ofSeries(page);
await ofCheck(page, inputs);
const sandbox = await startHelper({ args: ["--sandbox"] });
const live = await openPage(browser, sandbox.url, { viewport: { width: WIDTH, height: 800 } });
await picture(live.page, "live.png", section(live.page, "Live sources"));
await browser.close();
await helper.stop();
await sandbox.stop();
