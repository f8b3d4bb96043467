// Why: the dialog that explains an employee tells the very rows of the files, and behaves as a dialog should.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { commandLineFiles, openPage, pickFiles, run, sample, setRun, startChromium, startHelper } from "./support.js";

let browser, helper, inputs;
before(async () => {
  helper = await startHelper();
  browser = await startChromium();
  inputs = sample(120);
});
after(async () => {
  await browser?.close();
  helper?.stop();
});

async function ranPage() {
  const opened = await openPage(browser, helper.url);
  await pickFiles(opened.page, inputs);
  await setRun(opened.page);
  await run(opened.page);
  return opened;
}

const buttons = (page, table) => page.getByRole("table", { name: table }).getByRole("button", { name: /: why\?$/ });

test("the rows that are told are those of the files", async () => {
  const { page, context, complaints } = await ranPage();
  const files = [...commandLineFiles(inputs).values()].map((bytes) => bytes.toString("utf8").split("\n"));
  const [completions, assignments] = [/"DateStarted"/, /"RequestId"/].map((head) => files.find(([first]) => head.test(first)));
  for (const table of ["Completed trainings", "Skipped for Daily Dose", "Dropped recommendations"]) {
    const button = buttons(page, table).first();
    const id = (await button.textContent()).match(/\d+/)[0];
    await button.click();
    const dialog = page.getByRole("dialog", { name: `Employee ${id}, type` });
    await dialog.getByRole("heading", { name: "Rows in the files" }).waitFor();
    const told = (await dialog.locator("pre").allTextContents()).flatMap((text) => text.split("\n"));
    const expected = [...completions, ...assignments].filter((row) => row.startsWith(`"${id}",`));
    assert.deepEqual(told, expected, table);
    for (const title of ["What was open", "Daily Doses of the day", "Random content", "Recommendations", "The list, and what was done of it"]) {
      assert.ok(await dialog.getByRole("heading", { name: title }).isVisible(), title);
    }
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "hidden" });
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test("it is opened and closed by the keyboard, and the focus comes back", async () => {
  const { page, context } = await ranPage();
  const button = buttons(page, "Completed trainings").nth(1);
  await button.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "Rows in the files" }).waitFor();
  assert.ok(await dialog.evaluate((dialog) => dialog.contains(document.activeElement)), "the focus is in the dialog");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await button.evaluate((button) => button === document.activeElement), "the focus is back");
  await context.close();
});
