// Takes the pictures of the guides from the real page, with the same inputs and the same seed each time: `make pictures`.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  commandLineFiles, openPage, openTab, openTable, pickFiles, run, sample, setRun, startChromium, startHelper, temporaryFolder,
} from "./support.js";

const PICTURES = new URL("../../docs/pictures/", import.meta.url).pathname;
const SCREEN = { viewport: { width: 1280, height: 800 } };

const area = (page, name) => page.getByRole("link", { name, exact: true }).click();

const section = (page, name) => page.getByRole("region", { name, exact: true });

/** Takes a picture of the screen, or of a part of the page, after toasts have disappeared. */
async function picture(page, name, part = page) {
  for (const toast of await page.getByRole("button", { name: /Dismiss$/ }).all()) await toast.click();
  await page.evaluate(() => document.activeElement?.blur());
  await part.screenshot({ path: join(PICTURES, name) });
  console.log(`docs/pictures/${name}`);
}

async function ofRun(page, inputs) {
  await pickFiles(page, { "Employees file": inputs["Employees file"], "StandAloneContent file": inputs["StandAloneContent file"] });
  await page.getByText(/Daily Doses/).first().waitFor();
  await picture(page, "files.png", section(page, "Files"));
  await pickFiles(page, inputs);
  await setRun(page);
  await run(page);
  await openTab(page, "Files");
  await page.getByRole("table", { name: "Rows of the file" }).waitFor();
  await picture(page, "results.png");
  await (await openTable(page, "Completed trainings")).getByRole("button", { name: /: why\?$/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "Rows in the files" }).waitFor();
  await picture(page, "why.png", dialog);
  await page.keyboard.press("Escape");
}

async function ofMix(page) {
  await area(page, "Mix");
  await page.getByRole("button", { name: /^completes one \(b\), from the manager: / }).first().waitFor();
  await page.getByLabel("completes one (b), percent").fill("60");
  await page.getByLabel("completes one (b), percent").press("Enter");
  await page.getByRole("button", { name: /^completes one \(b\), from the manager: .* \(/ }).first().waitFor();
  await picture(page, "mix.png");
  await page.getByRole("button", { name: "Open the table" }).click();
  await page.getByRole("grid", { name: "Employees" }).getByRole("row").nth(3).waitFor();
  // The window is as high as the table, so that the header covers no part of it.
  await page.setViewportSize({ width: 1280, height: 1200 });
  await section(page, "Employees").evaluate((part) => window.scrollTo(0, part.getBoundingClientRect().top + window.scrollY - 72));
  await picture(page, "employees.png", section(page, "Employees"));
  await page.setViewportSize(SCREEN.viewport);
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.getByRole("button", { name: "Compare two" }).click();
  await page.getByLabel("First scenario").selectOption("A usual store");
  await page.getByLabel("Second scenario").selectOption("Nobody completes");
  await page.getByRole("button", { name: /^A usual store, completes all/ }).first().waitFor();
  await picture(page, "scenarios.png");
}

async function ofSeries(page) {
  await area(page, "Series");
  await page.getByLabel("First day").fill("2026-01-26");
  await page.getByLabel("Days", { exact: true }).fill("5");
  await page.getByRole("button", { name: "Make series" }).click();
  await page.getByRole("link", { name: /^Download all days/ }).waitFor();
  await picture(page, "series.png");
}

async function ofCheck(page, inputs) {
  const folder = temporaryFolder();
  const files = [...commandLineFiles(inputs, "--break", "bad-date,repeated-row")].map(([name, bytes]) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  });
  await area(page, "Check");
  await page.getByLabel("Files to check").setInputFiles(files);
  await section(page, "Findings").getByText(/problem/).first().waitFor();
  await picture(page, "check.png");
}

mkdirSync(PICTURES, { recursive: true });
const browser = await startChromium();
const helper = await startHelper();
const inputs = sample(120);
const { page } = await openPage(browser, helper.url, SCREEN);
await ofRun(page, inputs);
await ofMix(page);
await ofSeries(page);
await ofCheck(page, inputs);
const sandbox = await startHelper({ args: ["--sandbox"] });
const live = await openPage(browser, sandbox.url, SCREEN);
await picture(live.page, "live.png", section(live.page, "Live sources"));
await browser.close();
await helper.stop();
await sandbox.stop();
