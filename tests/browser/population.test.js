// The employees one by one, in the area Mix: employees.csv edited to the byte, made-up employees, types set by hand.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  assertDownloads,
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
  waitUntil,
} from "./support.js";

const HEAD = "employee_id,employee_edu_type\n";

const { withPage } = useHelper();

/** Picks an employees.csv of this text and goes to its rows. */
async function openText(page, text) {
  const path = join(temporaryFolder(), "employees.csv");
  writeFileSync(path, text);
  await pickFiles(page, { "Employees file": path });
  await openTable(page);
  return path;
}

/** Goes to the table of the employees. */
async function openTable(page) {
  await goTo(page, "Mix");
  await press(page, "Open the table");
  await grid(page).waitFor();
}

/** Makes up a population after `prepare`, and opens its table. */
async function openTableOf(page, prepare) {
  await goTo(page, "Mix");
  await prepare();
  await press(page, "Make up a population");
  await press(page, "Make up");
  await press(page, "Open the table");
  await grid(page).waitFor();
}

/** Where something begins on the page, in pixels from its top. */
const topOf = (place) => place.evaluate((element) => element.getBoundingClientRect().top + window.scrollY);

/** Waits until the figures of a run with the mix are in view. */
const figuresAreShown = (page) => page.getByRole("group", { name: "Completed", exact: true }).filter({ visible: true }).waitFor();

/** Waits until the area Feed shows this text about the employees. */
function feedSays(page, text) {
  return page.waitForFunction((text) => {
    const input = document.querySelector("[aria-label='Employees file']");
    return document.getElementById(input.getAttribute("aria-describedby")).textContent.includes(text);
  }, text);
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

/** Waits until the area in view has a text. */
function stands(page, text) {
  return page.getByText(text).filter({ visible: true }).first().waitFor();
}

/** Waits until the area shows a message about the last edit. */
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
    await press(page, "Set to completes none");
    await says(page, "1 employee set to completes none (f)");
    await row(page, 9).click();
    await press(page, "Switch off");
    await says(page, "1 row was switched off");
    await row(page, 8).click();
    await press(page, "Switch on");
    await says(page, "1 row was switched on");
    assert.equal(await saved(page), text.replace("7,b", "7,f").replace("9,a", "# 9,a").replace("# 8,f,", "8,f,"));
    for (let edits = 0; edits < 3; edits++) await press(page, "Undo");
    await says(page, "Undone: 1 employee set to completes none (f)");
    assert.equal(await saved(page), text);
    await press(page, "Redo");
    await says(page, "1 employee set to completes none (f)");
    assert.equal(await saved(page), text.replace("7,b", "7,f"));
  });
});

test("the table stays where it is while the preview of an edit is made", async () => {
  await withPage({}, async (page) => {
    await openText(page, `${HEAD}1,a\n2,b\n3,f\n`);
    const inputs = page.getByRole("status").filter({ hasText: /^(Reading the files …|What a run would give )/ });
    await inputs.filter({ hasText: "What a run would give 3 employees" }).waitFor();
    await row(page, 2).click();
    await says(page, "1 row selected");
    await grid(page).evaluate((table) => {
      window.tops = new Set();
      const note = () => {
        window.tops.add(table.getBoundingClientRect().top);
        requestAnimationFrame(note);
      };
      note();
    });
    const isRead = inputs.filter({ hasText: "Reading the files …" }).waitFor({ state: "attached" });
    await Promise.all([isRead, press(page, "Switch off")]);
    await inputs.filter({ hasText: "What a run would give 2 employees" }).waitFor({ state: "attached" });
    assert.equal(await page.evaluate(() => window.tops.size), 1);
  });
});

test("what is saved or run at once after an edit has the edit in it", async () => {
  await withPage({}, async (page) => {
    const rows = Array.from({ length: 100_000 }, (_, index) => `${index + 1},f`);
    await openText(page, `${HEAD}${rows.join("\n")}\n`);
    const pressAtOnce = (...names) =>
      page.evaluate((names) => {
        const buttons = [...document.querySelectorAll("button")];
        names.forEach((name) => buttons.find((button) => (button.ariaLabel ?? button.textContent.trim()) === name).click());
      }, names);
    await press(page, "Select all");
    await says(page, "100,000 rows selected");
    const [file] = await Promise.all([page.waitForEvent("download"), pressAtOnce("Set to completes all", "Save the file")]);
    assert.equal(readFileSync(await file.path(), "utf8"), `${HEAD}${rows.join("\n").replaceAll("f", "a")}\n`);
    await goTo(page, "Feed");
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

test("the figures above the table do not push it away when they come", async () => {
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }, { width: 1920, height: 1080 }]) {
    await withPage({ viewport }, async (page, context) => {
      const path = join(temporaryFolder(), "employees.csv");
      writeFileSync(path, `${HEAD}1,a\n2,b\n`);
      await pickFiles(page, { "Employees file": path });
      // On a slow machine the table is there first.
      const session = await context.newCDPSession(page);
      await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
      await openTable(page);
      await row(page, 2).waitFor();
      const before = await topOf(row(page, 2));
      await figuresAreShown(page);
      const moved = Math.abs((await topOf(row(page, 2))) - before);
      assert.ok(moved <= 100, `the table moved by ${moved} pixels at a width of ${viewport.width}`);
    });
  }
});

test("only what can be used now is offered, and the rows stay in place when one is selected", async () => {
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
    await withPage({ viewport }, async (page) => {
      await openText(page, `${HEAD}1,a\n2,b\n`);
      const names = async () => {
        const buttons = await page.getByRole("region", { name: "Employees", exact: true }).getByRole("button").all();
        const named = await Promise.all(buttons.map((button) => button.evaluate((one) => one.ariaLabel ?? one.textContent.trim())));
        return named.filter((name) => name !== "Close the table" && name !== "Add");
      };
      const always = ["Select all", "Save the file", "Undo", "Redo"];
      assert.deepEqual(await names(), always);
      await figuresAreShown(page);
      const before = await topOf(row(page, 2));
      await row(page, 2).click();
      await page.getByText("1 selected", { exact: true }).waitFor();
      const ofSelection = ["Set to completes all", "Set to completes one", "Set to completes none", "Switch off", "Switch on", "Remove", "Select none"];
      assert.deepEqual(await names(), [...always, ...ofSelection]);
      assert.equal(await topOf(row(page, 2)), before, `at ${viewport.width} pixels`);
      assert.equal(await sidewaysScroll(page), 0, "the buttons scroll in their line");
      await press(page, "Select none");
      await page.getByText("1 selected", { exact: true }).waitFor({ state: "detached" });
      await focusIsOn(grid(page));
      await press(page, "Nobody completes");
      await page.getByRole("button", { name: "Write the mix into the file" }).waitFor();
    });
  }
});

test("rows with problems are shown, and mended here", async () => {
  await withPage({}, async (page) => {
    await openText(page, `${HEAD}1,a\n2,x\n1,b\nzz,f\n`);
    await page.getByLabel("Show", { exact: true }).selectOption("With problems");
    await says(page, "3 rows found");
    await grid(page).getByText("unknown employee type 'x'").waitFor();
    await row(page, 2).click();
    await press(page, "Set to completes one");
    await says(page, "1 employee set to completes one (b)");
    await press(page, "Select all");
    await press(page, "Remove");
    await says(page, "2 rows were removed");
    assert.equal(await saved(page), `${HEAD}1,a\n2,b\n`);
    await goTo(page, "Feed");
    await feedSays(page, "1 completes all1 completes one0 completes noneedited (2 changes)");
  });
});

test("a run takes the edited file, and makes what the command line makes of the saved one", async () => {
  const inputs = sample(60);
  await withPage({}, async (page) => {
    await pickFiles(page, inputs);
    await setRun(page);
    await openTable(page);
    await grid(page).focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("b");
    await says(page, "set to completes one (b)");
    const path = join(temporaryFolder(), "employees.csv");
    writeFileSync(path, await saved(page));
    await goTo(page, "Feed");
    await run(page);
    await assertDownloads(page, commandLineFiles({ ...inputs, "Employees file": path }));
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
    await says(page, "2 employees set to completes none (f)");
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

test("a mix can be written into employees.csv", async () => {
  await withPage({}, async (page) => {
    await openText(page, HEAD + Array.from({ length: 10 }, (_, at) => `${at + 1},a\n`).join(""));
    await press(page, "A usual store");
    await press(page, "Write the mix into the file");
    await says(page, "The mix 60 % complete all (a), 30 % one (b), 10 % none (f) changed 4 employees");
    await stands(page, "10 employees (6 complete all, 3 one, 1 none)");
  });
});

test("types that are set while a mix is on turn it off, and undoing that brings it back", async () => {
  await withPage({}, async (page) => {
    await openText(page, HEAD + Array.from({ length: 10 }, (_, at) => `${at + 1},a\n`).join(""));
    const mixed = "with the mix: 0 complete all, 9 one, 0 none";
    await page.getByLabel("completes one (b), percent").fill("100");
    await page.getByLabel("completes one (b), percent").press("Enter");
    await row(page, 1).click();
    await press(page, "Switch off");
    await says(page, /^1 row was switched off\.$/);
    await stands(page, `9 employees (9 complete all, 0 one, 0 none), 1 switched off; ${mixed}`);
    await row(page, 2).click();
    await press(page, "Set to completes none");
    const off = "the mix is off now: a run takes the types that are shown here";
    await says(page, `1 employee set to completes none (f); ${off}.`);
    assert.equal(await page.getByText(mixed).count(), 0);
    assert.equal(await page.getByRole("button", { name: "As in the file" }).getAttribute("aria-pressed"), "true");
    await press(page, "Undo");
    await says(page, "Undone: 1 employee set to completes none (f); the mix is on again.");
    await stands(page, mixed);
    await press(page, "Redo");
    await says(page, `1 employee set to completes none (f); ${off}.`);
    await goTo(page, "Feed");
    await feedSays(page, "8 completes all0 completes one1 completes none");
    assert.equal(await page.getByRole("button", { name: "Remove the mix" }).count(), 0);
    await goTo(page, "Mix");
    await press(page, "Undo");
    await press(page, "Undo");
    await says(page, "Undone: 1 row was switched off.");
    await press(page, "Nobody completes");
    await row(page, 3).click();
    await press(page, "Remove");
    await says(page, /^1 row was removed\.$/);
    await stands(page, "9 employees (9 complete all, 0 one, 0 none); with the mix: 0 complete all, 0 one, 9 none");
  });
});

test("a link with a made-up population takes no edits away", async () => {
  await withPage({}, async (page) => {
    await openText(page, `${HEAD}1,a\n2,a\n`);
    await row(page, 1).click();
    await press(page, "Set to completes one");
    await says(page, "1 employee set to completes one (b)");
    const link = "recipe=1&version=0.1.0&now=2026-01-29T18:00:00Z&seed=42&mix=a=60,b=30,f=10&new-population=50&ids=300000-399999";
    await page.evaluate((link) => (location.hash = link), link);
    await goTo(page, "Mix");
    await stands(page, "50 employees (30 complete all, 15 one, 5 none)");
    await goTo(page, "Feed");
    await press(page, "Remove the new population");
    await feedSays(page, "1 completes all1 completes one0 completes none");
    await goTo(page, "Mix");
    await row(page, 2).click();
    await press(page, "Set to completes none");
    await says(page, "1 employee set to completes none (f)");
    assert.equal(await saved(page), `${HEAD}1,b\n2,f\n`);
  });
});

test("a new population always has the mix that the sliders show", async () => {
  await withPage({}, async (page) => {
    await setRun(page);
    await openTableOf(page, async () => {
      await page.getByLabel("completes all (a), percent").fill("12.3");
      await page.getByLabel("completes all (a), percent").press("Enter");
    });
    await stands(page, "500 employees (62 complete all, 329 one, 109 none)");
    const asMadeUp = page.getByRole("button", { name: "As made up" });
    assert.equal(await asMadeUp.getAttribute("aria-pressed"), "true");
    await press(page, "Everyone engaged");
    await stands(page, "500 employees (500 complete all, 0 one, 0 none)");
    await press(page, "Reset the mix");
    await stands(page, "500 employees (62 complete all, 329 one, 109 none)");
    await grid(page).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("f");
    await says(page, "the mix is off now");
    await page.getByRole("button", { name: "As in the file" }).waitFor();
    await press(page, "Undo");
    await stands(page, "500 employees (62 complete all, 329 one, 109 none)");
    await asMadeUp.waitFor();
    await goTo(page, "Feed");
    await page.getByTitle("Mix: 12.3 % complete all (a), 65.8 % one (b), 21.9 % none (f)").waitFor();
    await press(page, "Remove the new population");
    await page.getByTitle("Mix: 12.3 %").waitFor({ state: "detached" });
  });
});

test("edits come back after a reload where files are kept, as a part of the file that cannot be undone", async () => {
  await withPage({}, async (page) => {
    await openText(page, `${HEAD}7,a\n8,a\n`);
    await goTo(page, "Feed");
    await page.getByLabel(/^Keep files and settings in this browser/).check();
    await goTo(page, "Mix");
    await row(page, 7).click();
    await press(page, "Set to completes none");
    await stands(page, "2 employees (1 complete all, 0 one, 1 none)");
    const isKept = () =>
      page.evaluate(async () => {
        // Opening the database would create it.
        if (!(await indexedDB.databases()).some(({ name }) => name === "btcfake")) return false;
        const ask = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
        const database = await ask(indexedDB.open("btcfake"));
        const store = database.objectStoreNames.contains("session") && database.transaction("session").objectStore("session");
        const record = store && (await ask(store.get("employees-file")));
        database.close();
        return record?.[1] === 1;
      });
    await waitUntil("the edit is kept", isKept);
    page.once("dialog", (dialog) => dialog.accept());
    await page.reload();
    await openTable(page);
    await stands(page, "2 employees (1 complete all, 0 one, 1 none)");
    await stands(page, "Opened with 1 edit from before, which can no longer be undone here");
    assert.ok(await page.getByRole("button", { name: "Undo", exact: true }).isDisabled());
    await row(page, 8).click();
    await press(page, "Set to completes one");
    await goTo(page, "Feed");
    await page.getByText("edited (2 changes)").first().waitFor();
    await goTo(page, "Mix");
    await press(page, "Undo");
    await goTo(page, "Feed");
    await page.getByText("edited (1 change)").first().waitFor();
  });
});

test("edits that were not saved can be brought back, and the browser asks before they are left", async () => {
  await withPage({}, async (page) => {
    const mayLeave = () => page.evaluate(() => window.dispatchEvent(new Event("beforeunload", { cancelable: true })));
    await openText(page, `${HEAD}1,a\n2,b\n`);
    assert.ok(await mayLeave(), "nothing was edited");
    await row(page, 1).click();
    await press(page, "Set to completes none");
    await says(page, "1 employee set to completes none (f)");
    assert.ok(!(await mayLeave()), "edits are not saved");
    await press(page, "Make up a population");
    await press(page, "Make up");
    await stands(page, "500 employees");
    await page.getByRole("status").filter({ hasText: "Removed: employees.csv." }).getByRole("button", { name: "Undo" }).click();
    await stands(page, "2 employees (0 complete all, 1 one, 1 none)");
    await feedSays(page, "edited (1 change)");
    assert.ok(!(await mayLeave()), "what is brought back is not saved either");
    assert.equal(await saved(page), `${HEAD}1,f\n2,b\n`);
    assert.ok(await mayLeave());
  });
});

test("the area tells what is going on and what to do", async () => {
  await withPage({ viewport: { width: 390, height: 800 } }, async (page) => {
    await openText(page, `${HEAD}1,a\n2,abcdef\n1,b\n`);
    await stands(page, "1 employee (1 complete all, 0 one, 0 none), 2 with problems");
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
    await stands(page, 'employees.csv has 1 error: undo the edit under "Mix", or switch on or mend rows there.');
    await press(page, "Make up a population");
    await page.getByLabel("Their ids, from-to").fill("9-1");
    await press(page, "Make up");
    await page.getByRole("alert").filter({ hasText: /Did you mean '1-9'\?$/ }).waitFor();
  });
});

test("while employees are made up, the area says so", async () => {
  await withPage({}, async (page) => {
    await setRun(page);
    await goTo(page, "Mix");
    await press(page, "Make up a population");
    await page.getByLabel("How many employees").fill("100000");
    await page.getByLabel("Their ids, from-to").fill("1-100000");
    await press(page, "Open the table");
    // The text may be there for a shorter time than a test needs to look.
    await page.evaluate((text) => {
      const look = () => (window.wasSaid ||= document.body.textContent.includes(text));
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    }, "The employees are being read");
    await press(page, "Make up");
    await stands(page, "100,000 employees (60,000 complete all, 30,000 one, 10,000 none)");
    assert.ok(await page.evaluate(() => window.wasSaid));
  });
});

test("made-up employees need no file, and become one when they are edited", async () => {
  await withPage({}, async (page) => {
    await setRun(page);
    await goTo(page, "Mix");
    await press(page, "Make up a population");
    await page.getByLabel("How many employees").fill("500");
    await page.getByLabel("Their ids, from-to").fill("5-9");
    await press(page, "Make up");
    const refused = page.getByRole("alert").filter({ hasText: "too few for 500 employees" });
    await refused.waitFor();
    const isInView = (refused) => {
      const { left, bottom } = refused.getBoundingClientRect();
      return refused.contains(document.elementFromPoint(left + 5, bottom - 5));
    };
    await waitUntil("the last line of the error is in view", () => refused.evaluate(isInView));
    await page.getByLabel("Their ids, from-to").fill("1000-9999");
    await press(page, "Make up");
    await stands(page, "500 employees");
    await goTo(page, "Feed");
    await feedSays(page, "500 employees with ids from 1000 to 9999");
    await run(page);
    const options = ["--new-population", "500", "--ids", "1000-9999", "--mix", "a=60,b=30,f=10"];
    await assertDownloads(page, commandLineFiles({}, ...options));
    await openTable(page);
    await grid(page).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Delete");
    await goTo(page, "Feed");
    await feedSays(page, "edited (1 change)");
  });
});

test("100,000 employees are edited without holding up the page", async () => {
  const many = sample(100_000);
  const original = readFileSync(many["Employees file"], "utf8");
  const rows = (original.split("\n").length - 2).toLocaleString("en");
  await withPage({}, async (page) => {
    const tasks = await longTasks(page, async () => {
      await pickFiles(page, { "Employees file": many["Employees file"] });
      await openTable(page);
      await grid(page).focus();
      for (let pages = 0; pages < 20; pages++) await page.keyboard.press("PageDown");
      await grid(page).evaluate((grid) => (grid.scrollTop = grid.scrollHeight));
      await page.keyboard.press("End");
      await page.keyboard.press("ControlOrMeta+a");
      await says(page, `${rows} rows selected`);
      await page.keyboard.press("f");
      await stands(page, "100,000 employees (0 complete all, 0 one, 100,000 none)");
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
    await pickFiles(page, { "Employees file": many["Employees file"], "StandAloneContent file": many["StandAloneContent file"] });
    await setRun(page);
    await openTable(page);
    await grid(page).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Delete");
    await says(page, "1 row was removed");
    await goTo(page, "Feed");
    await pressAndCancel(page, "Run simulation");
    await goTo(page, "Mix");
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
    await press(page, "Make up a population");
    await says(page, "1 row selected");
    assert.deepEqual(await violations(page), []);
  });
});
