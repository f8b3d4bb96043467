// Adding files to the page: dropped anywhere, chosen, pasted, or made up. Each file gets its role, and a removed file
// can be restored.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import {
  NOW,
  SEED,
  assertDownloads,
  btcfake,
  commandLineFiles,
  drop,
  paste,
  pickFiles,
  run,
  sample,
  setRun,
  showContext,
  temporaryFolder,
  useHelper,
  violations,
} from "./support.js";

const { withPage } = useHelper();
const inputs = sample(30);

const texts = (paths) => paths.map((path) => [basename(path), readFileSync(path, "utf8")]);

/** The row of a file in use, by its name. */
const row = (page, name) => page.getByRole("listitem").filter({ has: page.getByRole("button", { name: `Remove ${name}`, exact: true }) });

test("files that are dropped anywhere find their places, and give the bytes of the command line", async () => {
  await withPage({}, async (page) => {
    await drop(page, texts(Object.values(inputs)));
    await page.getByText("Context: 5 of 5 given").waitFor();
    const [employees, ...context] = Object.values(inputs).map((path) => row(page, basename(path)));
    await employees.waitFor();
    // A whole context without problems is one line, which a click opens.
    for (const file of context) await file.waitFor({ state: "hidden" });
    await showContext(page);
    for (const file of context) await file.waitFor();
    await page.getByRole("button", { name: "Less", exact: true }).click();
    for (const file of context) await file.waitFor({ state: "hidden" });
    await setRun(page);
    await run(page);
    await assertDownloads(page, commandLineFiles(inputs));
  });
});

test("several files are chosen at once, and dropped in the area Mix too", async () => {
  await withPage({}, async (page) => {
    await page.getByLabel("Choose files").setInputFiles([inputs["Course catalog file"], inputs["Completions table"]]);
    await page.getByText("Context: 2 of 5 given").waitFor();
    await page.getByRole("link", { name: "Mix", exact: true }).click();
    await drop(page, texts([inputs["Employees file"]]));
    await page.getByRole("link", { name: "Feed", exact: true }).click();
    await row(page, "employees.csv").getByText("30 employees").waitFor();
  });
});

test("of several catalogs the newest is taken, what is doubtful is asked, and what no run uses is named with the reason", async () => {
  await withPage({}, async (page) => {
    const [[name, catalog]] = texts([inputs["StandAloneContent file"]]);
    const older = name.replace(/2026_1_29/, "2025_12_31");
    await drop(page, [
      [name, catalog],
      [older, catalog],
      ["team1.csv", "employee_id,employee_edu_type\n1,a\n"],
      ["team2.csv", "employee_id,employee_edu_type\n2,a\n3,a\n"],
      ["holiday.txt", "sun and sea"],
      ["notes.md", "sea and sun"],
      [name, catalog],
    ]);
    await row(page, name).waitFor();
    const alert = page.getByRole("alert").filter({ hasText: "holiday.txt" });
    await alert.getByText(`${older} is not used: ${name}, which came with it, is newer.`).waitFor();
    await alert.getByText(/^holiday.txt, notes.md are not used: neither the header nor the name is that of a kind/).waitFor();
    await alert.getByRole("group", { name: "team2.csv is one of several files for the same input." }).getByRole("button", { name: "Use as Employees file" }).click();
    await row(page, "team2.csv").getByText("2 employees").waitFor();
    const unused = alert.getByRole("group", { name: `${older} is not used` });
    await unused.getByRole("button", { name: "Use as StandAloneContent file" }).click();
    await row(page, older).waitFor();
    await alert.getByRole("group", { name: "team1.csv is not used: team2.csv is used instead." }).waitFor();
    for (const left of ["Dismiss team1.csv", "Dismiss"]) {
      await alert.getByRole("button", { name: left, exact: true }).click();
    }
    await alert.waitFor({ state: "detached" });
  });
});

test("a file in a wrong place goes to its own by one click", async () => {
  await withPage({}, async (page) => {
    const path = inputs["Course catalog file"];
    await pickFiles(page, { "StandAloneContent file": path });
    await page.getByRole("alert").getByRole("button", { name: "Use as Course catalog file" }).click();
    await row(page, basename(path)).getByText(/^[\d,]+ rows$/).waitFor();
    await page.getByText("Context: 1 of 5 given").waitFor();
  });
});

test("the files of a feed are checked, and a run file alone repeats its run", async () => {
  await withPage({}, async (page) => {
    const { "Employees file": path } = inputs;
    const out = temporaryFolder();
    btcfake("simulate", "--employees", path, "--seed", SEED, "--now", NOW, "--out", out, "--quiet");
    const feed = texts(readdirSync(out).map((name) => join(out, name)));
    await drop(page, feed);
    const area = page.getByRole("region", { name: "Findings" });
    await area.getByRole("heading", { name: /^UserCompletion_v2/ }).waitFor();
    await area.getByRole("heading", { name: /^run_/ }).waitFor();
    await page.getByRole("link", { name: "Feed", exact: true }).click();
    await drop(page, feed.filter(([name]) => name.endsWith(".json")));
    await page.getByRole("button", { name: "Repeat this run" }).click();
    await page.getByRole("heading", { name: "Opened run" }).waitFor();
    await pickFiles(page, { "Employees file": path });
    await page.getByText("All files are the right ones.").waitFor();
    await run(page);
    await assertDownloads(page, commandLineFiles({ "Employees file": path }));
  });
});

test("rows that are pasted from a spreadsheet are a file, a recipe sets the page up, and a text in a field stays one", async () => {
  await withPage({}, async (page) => {
    await paste(page, "Employee ID\tEmployee Edu Type\n7\ta\n8\tf\n");
    const pasted = row(page, "pasted.csv");
    await pasted.getByText("2 employees").waitFor();
    await paste(page, "7\ta\n8\tf\n9\tb\n");
    await pasted.getByText("3 employees").waitFor();
    await page.getByLabel("Seed", { exact: true }).focus();
    await paste(page, "employee_id,employee_edu_type\n1,a\n");
    await paste(page, "one word");
    await pasted.getByText("3 employees").waitFor();
    await page.evaluate(() => document.activeElement.blur());
    await paste(page, "recipe=1&version=0.1.0&now=2026-01-29T18:00:00Z&seed=5");
    await page.getByRole("heading", { name: "Opened run" }).waitFor();
    assert.equal(await page.getByLabel("Seed", { exact: true }).inputValue(), "5");
  });
});

test("sample data make a first run that shows everything", async () => {
  await withPage({ viewport: { width: 1280, height: 800 } }, async (page) => {
    const inView = async (button) => {
      const box = await button.boundingBox();
      return box.y >= 0 && box.y + box.height <= 800;
    };
    for (const button of [page.getByText("Choose files"), page.getByRole("button", { name: "Run simulation" })]) {
      assert.ok(await inView(button), "it is seen without scrolling");
    }
    await page.getByRole("button", { name: "Use sample files" }).first().click();
    await row(page, "employees.csv").getByText("2,000 employees").waitFor();
    await page.getByText("Context: 5 of 5 given").waitFor();
    assert.ok(await inView(page.getByRole("button", { name: "Run simulation" })));
    await page.keyboard.press("Control+Enter");
    await page.getByText(/^Done in (< )?\d+\.\d s$/).waitFor();
    assert.equal(await page.evaluate(() => window.scrollY), 0);
  });
});

test("a file that is removed or replaced comes back with Undo", async () => {
  await withPage({}, async (page) => {
    await pickFiles(page, inputs);
    const name = "content_completion.csv";
    await showContext(page);
    await row(page, name).getByRole("button", { name: `Remove ${name}` }).click();
    await row(page, name).waitFor({ state: "detached" });
    const undo = (text) => page.getByRole("status").filter({ hasText: text }).getByRole("button", { name: "Undo" });
    await undo(`Removed: ${name}.`).click();
    await row(page, name).getByText(/completion/).first().waitFor();
    const other = join(temporaryFolder(), "team.csv");
    writeFileSync(other, "employee_id,employee_edu_type\n7,b\n");
    await pickFiles(page, { "Employees file": other });
    await row(page, "team.csv").getByText("1 employee").waitFor();
    await undo("Replaced: employees.csv.").click();
    await row(page, "employees.csv").getByText("30 employees").waitFor();
  });
});

test("a sample over one's own file goes whole with Undo, however long the file's name is", async () => {
  await withPage({ viewport: { width: 390, height: 800 } }, async (page) => {
    const own = join(temporaryFolder(), `${"employees_of_the_whole_region_".repeat(4)}.csv`);
    writeFileSync(own, "employee_id,employee_edu_type\n7,b\n");
    await pickFiles(page, { "Employees file": own });
    await row(page, basename(own)).getByText("1 employee").waitFor();
    await page.getByRole("button", { name: "Use sample files" }).click();
    const toast = page.getByRole("status").filter({ hasText: `Replaced: ${basename(own)}; added: 5 files.` });
    await toast.getByRole("button", { name: "Undo" }).click();
    await row(page, basename(own)).getByText("1 employee").waitFor();
    await page.getByText("Context: 0 of 5 given").waitFor();
  });
});

test("bad rows are skipped by one click", async () => {
  await withPage({}, async (page) => {
    const path = join(temporaryFolder(), "employees.csv");
    writeFileSync(path, "employee_id,employee_edu_type\n1,a\n2,x\n");
    await pickFiles(page, { "Employees file": path });
    await page.getByRole("alert").getByRole("button", { name: "Skip bad rows" }).click();
    await row(page, "employees.csv").getByText("1 employee").waitFor();
    await page.getByText(/^1 warning: /).waitFor();
    await page.getByText('Bad rows are skipped from now on: a setting under "More".').waitFor();
    await run(page);
  });
});

test("date and time are set to the second, and are explained as people write them", async () => {
  await withPage({ timezoneId: "Europe/Paris" }, async (page) => {
    await setRun(page, "1", "2026-01-29T18:00:05Z");
    await page.getByText("Thu, Jan 29, 2026", { exact: true }).waitFor();
    await page.getByText("19:00:05 on this computer's clock. New assignments (UTC): Mon, Jan 26, 00:01 to Sat, Jan 31, 13:13.").waitFor();
    await page.getByLabel("Date", { exact: true }).fill("1969-12-31");
    await page.getByText("Error: the year 1969 is out of reach; a run can be set from 1970 to 9998.").waitFor();
    await page.getByLabel("Date", { exact: true }).fill("");
    await page.getByText("Error: choose a date and a time.").waitFor();
    await page.getByRole("button", { name: "Now", exact: true }).click();
    await page.getByText("Error: choose a date and a time.").waitFor({ state: "detached" });
    assert.match(await page.getByLabel("Date", { exact: true }).inputValue(), /^20\d\d-/);
  });
});

test("the seed is drawn anew, and the mix of a link is taken back", async () => {
  await withPage({}, async (page) => {
    const seed = page.getByLabel("Seed", { exact: true });
    assert.equal(await seed.inputValue(), "5");
    await page.getByRole("button", { name: "New seed" }).click();
    assert.notEqual(await seed.inputValue(), "5");
    const mix = page.getByRole("link", { name: "Mix: all 20, one 50.5, none 29.5" });
    await mix.waitFor();
    await page.getByRole("button", { name: "Remove the mix" }).click();
    await mix.waitFor({ state: "detached" });
  }, "/#recipe=1&version=0.1.0&now=2026-01-29T18:00:00Z&seed=5&mix=a=20,b=50.5,f=29.5");
});

test("nothing moves while employees are read, and when they are there", async () => {
  await withPage({ viewport: { width: 1280, height: 800 } }, async (page) => {
    const lines = page.getByRole("list", { name: "Files of the run" });
    await lines.evaluate((lines) => {
      window.seen = { tops: new Set(), texts: "" };
      const note = () => {
        window.seen.tops.add(Math.round(lines.children[1].getBoundingClientRect().top));
        window.seen.texts += lines.children[0].textContent;
      };
      note();
      new MutationObserver(note).observe(lines, { childList: true, subtree: true, characterData: true, attributes: true });
    });
    for (const count of [30, 300]) {
      await pickFiles(page, { "Employees file": sample(count)["Employees file"] });
      await lines.getByText(`${count} employees`).waitFor();
    }
    const { tops, texts } = await page.evaluate(() => ({ tops: [...window.seen.tops], texts: window.seen.texts }));
    assert.match(texts, /being read/);
    assert.equal(tops.length, 1, `the row below: ${tops}`);
  });
});

test("the run bar stays where it is, whatever is dropped", async () => {
  await withPage({ viewport: { width: 1280, height: 800 } }, async (page) => {
    const runButton = page.getByRole("button", { name: "Run simulation" });
    const before = await runButton.boundingBox();
    const isInPlace = async (what) => assert.equal(Math.round((await runButton.boundingBox()).y), Math.round(before.y), what);
    await drop(page, [["holiday.txt", "sun"], ["again.txt", "rain"]]);
    await page.getByRole("alert").getByText(/holiday\.txt/).first().waitFor();
    await isInPlace("below a notice");
    await page.getByRole("button", { name: "Dismiss" }).first().click();
    await pickFiles(page, inputs);
    await page.getByText("Context: 5 of 5 given").waitFor();
    await isInPlace("below all files");
    for (const name of ["Seed", "Date"]) {
      const field = await page.getByLabel(name, { exact: true }).boundingBox();
      assert.ok(field.y + field.height <= before.y, `${name} is above the run bar`);
    }
  });
});

test("axe finds nothing with all files, a file that is refused, and one that is left out", async () => {
  await withPage({ bypassCSP: true }, async (page) => {
    await pickFiles(page, inputs);
    await drop(page, [["employees.csv", "employee_id,employee_edu_type\n1,x\n2,x\n3,x\n4,x\n"], ["holiday.txt", "sun"]]);
    await page.getByText("Show all 4").click();
    await page.getByRole("button", { name: "Add context" }).waitFor({ state: "detached" });
    assert.deepEqual(await violations(page), []);
  });
});
