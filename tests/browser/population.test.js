// The Population area in a real Chromium: employees.csv edited to the byte, the mix, made-up employees, scenarios.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  commandLineFiles,
  download,
  focusIsOn,
  longTasks,
  pickFiles,
  pressAndCancel,
  run,
  sample,
  setRun,
  sidewaysScroll,
  temporaryFolder,
  useHelper,
  violations,
} from "./support.js";

const HEAD = "employee_id,employee_edu_type\n";

const { withPage } = useHelper();

/** Picks an employees.csv of this text and goes to its rows. */
async function openText(page, text) {
  const path = join(temporaryFolder(), "employees.csv");
  writeFileSync(path, text);
  await pickFiles(page, { "Employees CSV": path });
  await goTo(page, "Population");
  await grid(page).waitFor();
  return path;
}

function goTo(page, area) {
  return page.getByRole("navigation", { name: "Areas" }).getByRole("link", { name: area }).click();
}

function grid(page) {
  return page.getByRole("grid", { name: "Employees" });
}

/** The row of an employee, by id. */
function row(page, id) {
  return grid(page).getByRole("row", { name: new RegExp(`^(✓ )?${id} `) });
}

function press(page, name) {
  return page.getByRole("button", { name, exact: true }).click();
}

/** Waits until a text stands in the area in view. */
function stands(page, text) {
  return page.getByText(text).filter({ visible: true }).first().waitFor();
}

/** Waits until the area says something about the last edit. */
function says(page, text) {
  return page.getByRole("status").filter({ hasText: text }).waitFor();
}

async function saved(page) {
  const file = await download(page, page.getByRole("button", { name: "Save the file" }));
  assert.equal(file.name, "employees.csv");
  return file.bytes.toString();
}

test("what was not touched is saved byte for byte", async () => {
  await withPage({}, async (page) => {
    const text = `\ufeff# kept by hand\r\n${HEAD.trim()}, note \r\n"63492", A ,"Ann, ""A"""\r\n7,b,\r\n# 8,f,on "leave\r\n\r\n9,a,last`;
    await openText(page, text);
    await row(page, 7).click();
    await press(page, "Set type f");
    await says(page, "1 employee is now of type f");
    await row(page, 9).click();
    await press(page, "Switch off");
    await says(page, "1 row was switched off");
    await row(page, 8).click();
    await press(page, "Switch on");
    await says(page, "1 row was switched on");
    assert.equal(await saved(page), text.replace("7,b", "7,f").replace("9,a", "# 9,a").replace("# 8,f,", "8,f,"));
    for (let edits = 0; edits < 3; edits++) await press(page, "Undo");
    await says(page, "Undone: 1 employee is now of type f");
    assert.equal(await saved(page), text);
    await press(page, "Redo");
    await says(page, "1 employee is now of type f");
    assert.equal(await saved(page), text.replace("7,b", "7,f"));
  });
});

test("what is saved or run at once after an edit has the edit in it", async () => {
  await withPage({}, async (page) => {
    const rows = Array.from({ length: 100_000 }, (_, index) => `${index + 1},f`);
    await openText(page, `${HEAD}${rows.join("\n")}\n`);
    const pressAtOnce = (...names) =>
      page.evaluate((names) => {
        const buttons = [...document.querySelectorAll("button")];
        names.forEach((name) => buttons.find((button) => button.textContent.trim() === name).click());
      }, names);
    await press(page, "Select all");
    await says(page, "100,000 rows selected");
    const [file] = await Promise.all([page.waitForEvent("download"), pressAtOnce("Set type a", "Save the file")]);
    assert.equal(readFileSync(await file.path(), "utf8"), `${HEAD}${rows.join("\n").replaceAll("f", "a")}\n`);
    await goTo(page, "Run");
    await setRun(page);
    await pressAtOnce("Undo", "Run simulation");
    const completions = await download(page, page.getByRole("link", { name: /UserCompletion_v2_/ }));
    const others = completions.bytes.toString().split("\n").filter((line) => /^"\d+"/.test(line) && !line.startsWith('"100001"'));
    assert.deepEqual(others, []);
  });
});

test("rows are found, selected, added and removed", async () => {
  await withPage({}, async (page) => {
    await openText(page, `${HEAD}1,a\n2,b\n3,f\n# 4,a\n`);
    await page.getByLabel("Show", { exact: true }).selectOption("Switched off");
    await row(page, 1).waitFor({ state: "detached" });
    assert.equal(await grid(page).getAttribute("aria-rowcount"), "2");
    await page.getByLabel("Show", { exact: true }).selectOption("All rows");
    await row(page, 1).click();
    await row(page, 3).click({ modifiers: ["Shift"] });
    await says(page, "3 rows selected");
    await row(page, 2).click({ modifiers: ["ControlOrMeta"] });
    await says(page, "2 rows selected");
    await press(page, "Remove");
    await says(page, "2 rows were removed");
    await page.getByText("Add employees").click();
    await page.getByLabel("Ids of new employees").fill("2, 5-6");
    await page.getByLabel("Type of new employees").selectOption("b");
    await press(page, "Add");
    await says(page, "2 rows were added; 1 left out, since another row has the id (the first: 2)");
    await page.getByLabel("Find", { exact: true }).fill("5");
    await row(page, 2).waitFor({ state: "detached" });
    await row(page, 5).waitFor();
    assert.equal(await saved(page), `${HEAD}2,b\n# 4,a\n5,b\n6,b\n`);
  });
});

test("rows with problems are shown, and mended here", async () => {
  await withPage({}, async (page) => {
    await openText(page, `${HEAD}1,a\n2,x\n1,b\nzz,f\n`);
    await page.getByLabel("Show", { exact: true }).selectOption("With problems");
    await grid(page).getByText("unknown employee type 'x'").waitFor();
    await row(page, 2).click();
    await press(page, "Set type b");
    await says(page, "1 employee is now of type b");
    await press(page, "Select all");
    await press(page, "Remove");
    await says(page, "2 rows were removed");
    assert.equal(await saved(page), `${HEAD}1,a\n2,b\n`);
    await goTo(page, "Run");
    await stands(page, "employees.csv, edited (2 changes)");
    await stands(page, "2 employees (a 1, b 1, f 0)");
  });
});

test("a run takes the edited file, and makes what the command line makes of the saved one", async () => {
  const inputs = sample(60);
  await withPage({}, async (page) => {
    await pickFiles(page, inputs);
    await setRun(page);
    await goTo(page, "Population");
    await grid(page).focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("b");
    await says(page, "are now of type b");
    const path = join(temporaryFolder(), "employees.csv");
    writeFileSync(path, await saved(page));
    await goTo(page, "Run");
    await run(page);
    for (const [name, bytes] of commandLineFiles({ ...inputs, "Employees CSV": path })) {
      const file = await download(page, page.getByRole("link", { name }));
      assert.ok(file.bytes.equals(bytes), name);
    }
  });
});

test("the keyboard is enough", async () => {
  await withPage({}, async (page) => {
    const rows = Array.from({ length: 100 }, (_, at) => `${at + 1},a\n`).join("");
    await openText(page, HEAD + rows);
    await grid(page).focus();
    await page.keyboard.press("End");
    await row(page, 100).waitFor();
    await page.keyboard.press("Shift+ArrowUp");
    await says(page, "2 rows selected");
    await page.keyboard.press("f");
    await says(page, "2 employees are now of type f");
    await page.keyboard.press("Home");
    await row(page, 1).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Space");
    await says(page, "1 row selected");
    await page.keyboard.press("Delete");
    await says(page, "1 row was removed");
    await page.keyboard.press("ControlOrMeta+z");
    await says(page, "Undone: 1 row was removed");
    await page.keyboard.press("ControlOrMeta+Shift+z");
    await says(page, /^1 row was removed/);
    const text = (HEAD + rows).replace("1,a\n", "").replace("99,a\n100,a\n", "99,f\n100,f\n");
    assert.equal(await saved(page), text);
  });
});

test("the shares are always 100 % together, and the run can use them", async () => {
  const inputs = sample(100);
  await withPage({}, async (page) => {
    await pickFiles(page, inputs);
    await setRun(page);
    await goTo(page, "Population");
    const share = (letter) => page.getByLabel(`Share of type ${letter} in percent`);
    const shares = async () => Promise.all(["a", "b", "f"].map((letter) => share(letter).inputValue()));
    await press(page, "Use A usual store");
    assert.deepEqual(await shares(), ["60", "30", "10"]);
    await page.getByLabel("Share of type a, slider").focus();
    await page.keyboard.press("ArrowLeft");
    assert.deepEqual(await shares(), ["59", "30.8", "10.2"]);
    await share("b").fill("50");
    await share("b").press("Enter");
    assert.equal((await shares()).reduce((sum, one) => sum + Number(one), 0), 100);
    const before = await shares();
    for (const nonsense of ["nonsense", "33.33", "12,5", "150"]) {
      await share("f").fill(nonsense);
      await share("f").press("Enter");
      const said = `'${nonsense}' is no share: percent from 0 to 100, with one decimal at the most, such as 33.3.`;
      await page.getByRole("alert").filter({ hasText: `Error: ${said} Type f stays at ${before[2]} %.` }).waitFor();
      assert.deepEqual(await shares(), before);
    }
    await share("a").fill("56.8");
    await share("a").press("Enter");
    await share("b").fill("32.2");
    await share("b").press("Enter");
    assert.equal(await page.getByText("is no share").count(), 0);
    const proportion = await shares();
    for (const there of ["End", "Home", "End"]) await page.getByLabel("Share of type b, slider").press(there);
    assert.deepEqual(await shares(), ["0", "100", "0"]);
    await share("b").fill(proportion[1]);
    await share("b").press("Enter");
    assert.deepEqual(await shares(), proportion, "there and back, the other two keep their proportion");
    await press(page, "Use Nobody completes");
    await page.getByLabel("Use this mix for the run").check();
    await goTo(page, "Run");
    await run(page);
    for (const [name, bytes] of commandLineFiles(inputs, "--mix", "f=100")) {
      const file = await download(page, page.getByRole("link", { name }));
      assert.ok(file.bytes.equals(bytes), name);
    }
  });
});

test("a mix can be written into employees.csv", async () => {
  await withPage({}, async (page) => {
    await openText(page, HEAD + Array.from({ length: 10 }, (_, at) => `${at + 1},a\n`).join(""));
    await press(page, "Use A usual store");
    await press(page, "Write it into employees.csv");
    await says(page, "The mix a 60 %, b 30 %, f 10 % changed 4 employees");
    await stands(page, "10 employees (a 6, b 3, f 1)");
  });
});

test("types that are set while a mix is on turn it off, and the area says so", async () => {
  await withPage({}, async (page) => {
    await openText(page, HEAD + Array.from({ length: 10 }, (_, at) => `${at + 1},a\n`).join(""));
    const box = page.getByLabel("Use this mix for the run");
    await box.check();
    await row(page, 1).click();
    await press(page, "Switch off");
    await says(page, /^1 row was switched off\.$/);
    await page.getByLabel("Share of type b in percent").fill("100");
    await page.getByLabel("Share of type b in percent").press("Enter");
    await stands(page, "9 employees (a 9, b 0, f 0), 1 switched off, 1 selected; with the mix a run has a 0, b 9, f 0");
    assert.ok(await box.isChecked(), "who takes part is nothing that a mix decides");
    await row(page, 2).click();
    await press(page, "Set type f");
    await says(page, "1 employee is now of type f; the mix is off now: a run takes the types that are shown here.");
    assert.ok(!(await box.isChecked()));
    await press(page, "Undo");
    await says(page, "Undone: 1 employee is now of type f; the mix stays off: turn it on again if runs are to have it.");
    await press(page, "Redo");
    await goTo(page, "Run");
    await stands(page, "9 employees (a 8, b 0, f 1)");
    assert.equal(await page.getByText("takes the place of the types").count(), 0);
  });
});

test("a link with a made-up population takes no edits away", async () => {
  await withPage({}, async (page) => {
    await openText(page, `${HEAD}1,a\n2,a\n`);
    await row(page, 1).click();
    await press(page, "Set type b");
    await says(page, "1 employee is now of type b");
    const link = "recipe=1&version=0.1.0&now=2026-01-29T18:00:00Z&seed=42&mix=a=60,b=30,f=10&new-population=50&ids=300000-399999";
    await page.evaluate((link) => (location.hash = link), link);
    await goTo(page, "Population");
    await stands(page, "50 employees (a 30, b 15, f 5)");
    await goTo(page, "Run");
    await press(page, "Without the new population");
    await stands(page, "2 employees (a 1, b 1, f 0)");
    await goTo(page, "Population");
    await row(page, 2).click();
    await press(page, "Set type f");
    await says(page, "1 employee is now of type f");
    assert.equal(await saved(page), `${HEAD}1,b\n2,f\n`);
  });
});

test("a new population always has the mix that the sliders show", async () => {
  await withPage({}, async (page) => {
    await setRun(page);
    await goTo(page, "Population");
    await page.getByLabel("Share of type a in percent").fill("12.3");
    await page.getByLabel("Share of type a in percent").press("Enter");
    await page.getByText("New population", { exact: true }).click();
    await press(page, "Make up");
    await stands(page, "500 employees (a 62, b 329, f 109)");
    const box = page.getByLabel("Use this mix for the run");
    assert.ok((await box.isChecked()) && (await box.isDisabled()));
    await stands(page, "A new population is always made with this mix.");
    await grid(page).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("f");
    await says(page, "the mix is off now");
    assert.ok(!(await box.isChecked()) && (await box.isEnabled()), "it is a file now");
    await press(page, "Undo");
    await stands(page, "500 employees (a 62, b 329, f 109)");
    assert.ok((await box.isChecked()) && (await box.isDisabled()), "and made up again");
    await goTo(page, "Run");
    await stands(page, "Its mix: a 12.3 %, b 65.8 %, f 21.9 %.");
    await press(page, "Without the new population");
    await goTo(page, "Population");
    assert.ok(!(await box.isChecked()));
  });
});

test("what goes and does not come back is asked for", async () => {
  await withPage({}, async (page) => {
    const asked = [];
    let answer = false;
    page.on("dialog", (dialog) => {
      asked.push(`${dialog.type()}: ${dialog.message()}`);
      return answer ? dialog.accept() : dialog.dismiss();
    });
    const path = await openText(page, `${HEAD}1,a\n2,b\n`);
    await page.reload();
    assert.deepEqual(asked, [], "nothing was edited");
    await goTo(page, "Run");
    await pickFiles(page, { "Employees CSV": path });
    await goTo(page, "Population");
    await row(page, 1).click();
    await press(page, "Set type f");
    await says(page, "1 employee is now of type f");
    await page.getByText("New population", { exact: true }).click();
    await press(page, "Make up");
    assert.deepEqual(asked, ["confirm: The new population takes the place of employees.csv, and its edits are lost. Go on?"]);
    await goTo(page, "Run");
    await press(page, "Remove employees.csv");
    assert.deepEqual(asked.slice(1), ["confirm: The file was edited, and 1 change would be lost. Go on?"]);
    await stands(page, "employees.csv, edited (1 change)");
    answer = true;
    const mayLeave = () => page.evaluate(() => window.dispatchEvent(new Event("beforeunload", { cancelable: true })));
    assert.ok(!(await mayLeave()), "edits are not saved");
    await goTo(page, "Population");
    assert.equal(await saved(page), `${HEAD}1,f\n2,b\n`);
    assert.ok(await mayLeave());
    await press(page, "Make up");
    await stands(page, "500 employees");
    assert.equal(asked.length, 3);
  });
});

test("the area tells what is going on and what to do", async () => {
  await withPage({ viewport: { width: 390, height: 800 } }, async (page) => {
    await openText(page, `${HEAD}1,a\n2,abcdef\n1,b\n`);
    await stands(page, "1 employee (a 1, b 0, f 0), 2 with problems");
    await row(page, 2).click();
    await page.getByRole("status").filter({ hasText: "2,abcdef: unknown employee type 'abcdef'" }).waitFor();
    await page.getByText("Add employees").click();
    await page.getByLabel("Ids of new employees").fill("10-1");
    await press(page, "Add");
    await says(page, /The range goes from 10 to 1\. Did you mean '1-10'\?$/);
    const inView = (node) => node.getBoundingClientRect().top > 0 && node.getBoundingClientRect().bottom < window.innerHeight;
    assert.ok(await page.getByRole("status").filter({ hasText: "The range goes" }).evaluate(inView), "beside what was done");
    await press(page, "Select all");
    await press(page, "Switch off");
    await stands(page, 'employees.csv has 1 error: undo the edit under "Population", or switch on or mend rows there.');
    await page.getByText("New population", { exact: true }).click();
    await page.getByLabel("Their ids, from-to").fill("9-1");
    await press(page, "Make up");
    await page.getByRole("alert").filter({ hasText: /Did you mean '1-9'\?$/ }).waitFor();
  });
});

test("while employees are made up, the area says so", async () => {
  await withPage({}, async (page) => {
    await setRun(page);
    await goTo(page, "Population");
    await page.getByText("New population", { exact: true }).click();
    await page.getByLabel("How many employees").fill("100000");
    await page.getByLabel("Their ids, from-to").fill("1-100000");
    await press(page, "Make up");
    await stands(page, "The employees are being read");
    await stands(page, "100,000 employees (a 60,000, b 30,000, f 10,000)");
  });
});

test("made-up employees need no file, and become one when they are edited", async () => {
  await withPage({}, async (page) => {
    await setRun(page);
    await goTo(page, "Population");
    await page.getByText("New population", { exact: true }).click();
    await page.getByLabel("How many employees").fill("500");
    await page.getByLabel("Their ids, from-to").fill("5-9");
    await press(page, "Make up");
    await page.getByRole("alert").filter({ hasText: "too few for 500 employees" }).waitFor();
    await page.getByLabel("Their ids, from-to").fill("1000-9999");
    await press(page, "Make up");
    await stands(page, "500 employees (a 300, b 150, f 50)");
    await goTo(page, "Run");
    await stands(page, "New population: 500 employees with ids from 1000 to 9999.");
    await run(page);
    const options = ["--new-population", "500", "--ids", "1000-9999", "--mix", "a=60,b=30,f=10"];
    for (const [name, bytes] of commandLineFiles({}, ...options)) {
      const file = await download(page, page.getByRole("link", { name }));
      assert.ok(file.bytes.equals(bytes), name);
    }
    await goTo(page, "Population");
    await grid(page).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Delete");
    await goTo(page, "Run");
    await stands(page, "employees.csv, edited (1 change)");
  });
});

test("own scenarios are kept, renamed, compared and deleted", async () => {
  await withPage({}, async (page) => {
    await goTo(page, "Population");
    await page.getByLabel("Share of type a in percent").fill("20");
    await page.getByLabel("Share of type a in percent").press("Enter");
    await page.getByLabel("Keep the mix of the sliders as").fill("Hard month");
    await press(page, "Keep");
    await page.reload();
    await press(page, "Rename Hard month");
    await page.getByLabel("New name of the scenario").fill("Harder month");
    await press(page, "Save the name");
    const heading = page.getByRole("heading", { name: "Scenarios" });
    await focusIsOn(heading);
    await page.getByText("Two scenarios side by side").click();
    await page.getByLabel("Second scenario").selectOption("Harder month");
    const table = page.getByRole("table", { name: "The two scenarios" });
    assert.match(await table.innerText(), /completes all\s+100 %\s+20 %/);
    await press(page, "Delete Harder month");
    await focusIsOn(heading);
    await page.reload();
    await page.getByRole("button", { name: "Use A usual store" }).waitFor();
    assert.equal(await page.getByText("Harder month").count(), 0);
  });
});

test("a scenario's name says which one it is", async () => {
  await withPage({}, async (page) => {
    await goTo(page, "Population");
    const keep = async (name) => {
      await page.getByLabel("Keep the mix of the sliders as").fill(name);
      await press(page, "Keep");
    };
    const refused = (text) => page.getByRole("alert").filter({ hasText: text }).waitFor();
    for (const name of ["A usual store", "The sliders"]) {
      await keep(name);
      await refused(`'${name}' is always there as it is; write another name.`);
    }
    await keep(" ");
    await refused("write a name first");
    await page.getByLabel("Share of type a in percent").fill("20");
    await page.getByLabel("Share of type a in percent").press("Enter");
    await keep("Hard month");
    await keep("Other");
    await press(page, "Rename Other");
    await page.getByLabel("New name of the scenario").fill("Hard month");
    await press(page, "Save the name");
    await refused("there is a scenario 'Hard month' already");
    await page.getByText("Two scenarios side by side").click();
    await page.getByLabel("Second scenario").selectOption("Hard month");
    const table = page.getByRole("table", { name: "The two scenarios" });
    await table.getByRole("columnheader", { name: "Hard month" }).waitFor();
    await press(page, "Delete Hard month");
    await table.getByRole("columnheader", { name: "The sliders" }).waitFor();
    assert.match(await table.innerText(), /completes all\s+100 %\s+20 %/);
    assert.equal(await page.getByLabel("Second scenario").inputValue(), "The sliders");
  });
});

test("100,000 employees are edited without holding up the page", async () => {
  const many = sample(100_000);
  const original = readFileSync(many["Employees CSV"], "utf8");
  const rows = (original.split("\n").length - 2).toLocaleString("en");
  await withPage({}, async (page) => {
    const tasks = await longTasks(page, async () => {
      await pickFiles(page, { "Employees CSV": many["Employees CSV"] });
      await goTo(page, "Population");
      await grid(page).waitFor();
      await grid(page).focus();
      for (let pages = 0; pages < 20; pages++) await page.keyboard.press("PageDown");
      await grid(page).evaluate((grid) => (grid.scrollTop = grid.scrollHeight));
      await page.keyboard.press("End");
      await page.keyboard.press("ControlOrMeta+a");
      await says(page, `${rows} rows selected`);
      await page.keyboard.press("f");
      await stands(page, "100,000 employees (a 0, b 0, f 100,000)");
      await page.keyboard.press("ControlOrMeta+z");
      await says(page, "Undone");
      await page.getByLabel("Find", { exact: true }).fill("99");
      await says(page, "rows found");
      await page.getByLabel("Find", { exact: true }).fill("");
      await says(page, `${rows} rows found`);
      assert.equal(await saved(page), original);
    });
    assert.deepEqual(tasks, []);
  });
});

test("cancelling a run costs no edits", async () => {
  const many = sample(100_000);
  await withPage({}, async (page) => {
    await pickFiles(page, { "Employees CSV": many["Employees CSV"], "StandAloneContent CSV": many["StandAloneContent CSV"] });
    await setRun(page);
    await goTo(page, "Population");
    await grid(page).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Delete");
    await says(page, "1 row was removed");
    await goTo(page, "Run");
    await pressAndCancel(page, "Run simulation");
    await goTo(page, "Population");
    await press(page, "Undo");
    await says(page, "Undone: 1 row was removed");
  });
});

test("a phone shows the area without sideways scrolling", async () => {
  await withPage({ viewport: { width: 360, height: 740 }, isMobile: true }, async (page) => {
    await openText(page, `${HEAD}1,a\n2,b\n`);
    assert.ok((await sidewaysScroll(page)) <= 0);
  });
});

test("everybody can use the area: no violation that axe finds", async () => {
  await withPage({ bypassCSP: true }, async (page) => {
    await openText(page, `${HEAD}1,a\n2,x\n# 3,f\n# note\n`);
    await row(page, 1).click();
    await page.getByText("Add employees").click();
    await page.getByText("New population", { exact: true }).click();
    await page.getByText("Two scenarios side by side").click();
    await says(page, "1 row selected");
    assert.deepEqual(await violations(page), []);
  });
});
