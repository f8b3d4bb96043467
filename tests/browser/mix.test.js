// The mix in Chromium: sliders, scenarios and charts. The run has the mix of the sliders, and the charts are those of that
// run.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assertDownloads,
  commandLineFiles,
  drop,
  focusIsOn,
  longTasks,
  number,
  pickFiles,
  run,
  sample,
  setRun,
  sidewaysScroll,
  useHelper,
  violations,
  waitUntil,
} from "./support.js";

const { withPage } = useHelper();

const [BY_TYPE, ASSIGNED, SHIFT, DOSES] = [
  "Who completed what",
  "On the lists, and completed",
  "Over the shift",
  "Daily Doses not given, by reason",
];

/** The labels of the bars of a chart in view, such as "completes all (a), from recommendations: 123". */
const bars = (page, title) =>
  page.evaluate((title) => {
    const heading = [...document.querySelectorAll(".area:not([hidden]) h4")].find((one) => one.textContent === title);
    return [...(heading?.parentElement.querySelectorAll("[data-bar]") ?? [])].map((bar) => bar.getAttribute("aria-label"));
  }, title);

/** The labels of the bars without the changes after their counts: "completes all (a), from recommendations: 123". */
const counts = async (page, title) => (await bars(page, title)).map((label) => label.match(/^.*: [\d,]+?(?=, [+\u2212]|$)/)[0]);

/** Waits until the label of a bar in view matches a pattern. */
const barSays = (page, pattern) => page.getByLabel(pattern).filter({ visible: true }).first().waitFor();

const TYPES = { a: "completes all (a)", b: "completes one (b)", f: "completes none (f)" };

const slider = (page, letter) => page.getByRole("slider", { name: `${TYPES[letter]}, slider` });

const share = (page, letter) => page.getByLabel(`${TYPES[letter]}, percent`);

const figure = (page, name) => page.getByRole("group", { name, exact: true });

/** Presses a button by its whole name. */
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

const isPressed = (page, name) => page.getByRole("button", { name, exact: true }).getAttribute("aria-pressed");

function goTo(page, area) {
  return page.getByRole("navigation", { name: "Areas" }).getByRole("link", { name: area }).click();
}

/** Sets a share by its number field. */
async function setShare(page, letter, percent) {
  await share(page, letter).fill(percent);
  await share(page, letter).press("Enter");
}

/** Goes to the area with these inputs, and waits for its charts. */
async function openMix(page, inputs) {
  await pickFiles(page, inputs);
  await setRun(page);
  await goTo(page, "Mix");
  await barSays(page, /^completes all \(a\), from the manager: [1-9]/);
}

/** Asserts that the files of the run in view are those of the command line. */
async function filesAre(page, expected) {
  await assertDownloads(page, expected);
}

test("counts beside the bars stay within their chart, however many employees there are", async () => {
  for (const width of [390, 800, 1100, 1280, 1920]) {
    await withPage({ viewport: { width, height: 800 } }, async (page) => {
      await goTo(page, "Mix");
      await press(page, "Make up a population");
      await page.getByLabel("How many employees").fill("100000");
      await press(page, "Make up");
      await barSays(page, /^completes all \(a\), from the manager: [1-9]/);
      await setShare(page, "b", "60");
      await barSays(page, /^completes all \(a\), from the manager: .*\(/);
      await press(page, "Compare two");
      await barSays(page, /^Everyone engaged, completes all \(a\), from the manager: [1-9]/);
      const within = await page.evaluate(() => {
        const right = (element) => element.getBoundingClientRect().right;
        const counts = [...document.querySelectorAll(".area:not([hidden]) .bars svg > text:not(.axis)")];
        return counts.map((count) => [count.textContent, Math.round(right(count) - right(count.closest("svg")))]);
      });
      assert.ok(within.length > 10);
      assert.deepEqual(within.filter(([, over]) => over > 0), [], `at ${width} pixels`);
    });
  }
});

test("compared charts follow the width of the window", async () => {
  await withPage({ viewport: { width: 1280, height: 800 } }, async (page) => {
    await openMix(page, sample(60));
    const bars = page.getByRole("group", { name: DOSES, exact: true }).filter({ visible: true }).last();
    const height = async () => (await bars.boundingBox()).height;
    const heightBecomes = (is) => waitUntil("the charts' height changes", async () => is(await height()));
    const wide = await height();
    await page.setViewportSize({ width: 390, height: 800 });
    await heightBecomes((narrow) => narrow > wide);
    await page.setViewportSize({ width: 1280, height: 800 });
    await heightBecomes((again) => again === wide);
  });
});

test("a share that is being typed stays when the employees come meanwhile", async () => {
  await withPage({}, async (page) => {
    await goTo(page, "Mix");
    await share(page, "a").fill("55");
    await drop(page, [["employees.csv", "employee_id,employee_edu_type\n7,a\n8,b\n9,f\n"]]);
    await page.getByText("3 employees", { exact: true }).filter({ visible: true }).waitFor();
    assert.equal(await share(page, "a").inputValue(), "55");
    await share(page, "a").press("Enter");
    await page.waitForFunction(() => document.querySelector("input[type=range]").getAttribute("aria-valuetext").startsWith("55 %"));
    await share(page, "a").fill("no share");
    await share(page, "a").press("Enter");
    await page.getByRole("alert").filter({ hasText: "Type a stays at 55 %" }).waitFor();
    assert.equal(await share(page, "a").inputValue(), "55");
  });
});

test("what the sliders show counts at once, and the charts are those of the run", async () => {
  const inputs = sample(600);
  await withPage({}, async (page) => {
    await openMix(page, inputs);
    assert.equal(await isPressed(page, "As in the file"), "true");
    await slider(page, "f").focus();
    await page.keyboard.press("End");
    await barSays(page, /^completes all \(a\), from the manager: 0/);
    assert.equal(await isPressed(page, "Nobody completes"), "true");
    await setShare(page, "a", "70.5");
    await page.getByText(/^The mark on each line is employees\.csv as it is\. \d+ of 600 employees change, the same ones/).waitFor();
    const titles = [BY_TYPE, ASSIGNED, SHIFT, DOSES];
    await barSays(page, /^completes all \(a\), from the manager: [1-9]/);
    const previewed = await Promise.all(titles.map((title) => counts(page, title)));
    await press(page, "Run with this mix");
    await page.getByRole("button", { name: "Download feed" }).waitFor();
    await page.getByTitle("Mix: 70.5 % complete all (a), 0 % one (b), 29.5 % none (f)").waitFor();
    await filesAre(page, commandLineFiles(inputs, "--mix", "a=70.5,f=29.5"));
    await page.getByRole("tab", { name: "Overview" }).click();
    for (const [at, title] of titles.entries()) assert.deepEqual(await bars(page, title), previewed[at], title);

    await press(page, "Remove the mix");
    await goTo(page, "Mix");
    assert.equal(await isPressed(page, "As in the file"), "true");
    await goTo(page, "Feed");
    await run(page);
    await filesAre(page, commandLineFiles(inputs));
  });
});

test("a scenario is the mix of the run, and Reset takes it back", async () => {
  const inputs = sample(100);
  await withPage({}, async (page) => {
    await openMix(page, inputs);
    const own = await share(page, "a").inputValue();
    await press(page, "Nobody completes");
    assert.equal(await share(page, "f").inputValue(), "100");
    await goTo(page, "Feed");
    await run(page);
    await filesAre(page, commandLineFiles(inputs, "--mix", "f=100"));
    await goTo(page, "Mix");
    await press(page, "Reset the mix");
    assert.equal(await share(page, "a").inputValue(), own);
    assert.equal(await isPressed(page, "As in the file"), "true");
    await goTo(page, "Feed");
    await run(page);
    await filesAre(page, commandLineFiles(inputs));
  });
});

test("the shares are always 100 % together", async () => {
  await withPage({}, async (page) => {
    await goTo(page, "Mix");
    const shares = async () => Promise.all(["a", "b", "f"].map((letter) => share(page, letter).inputValue()));
    await press(page, "A usual store");
    assert.deepEqual(await shares(), ["60", "30", "10"]);
    await slider(page, "a").focus();
    await page.keyboard.press("ArrowLeft");
    assert.deepEqual(await shares(), ["59", "30.8", "10.2"]);
    await setShare(page, "b", "50");
    assert.equal((await shares()).reduce((sum, one) => sum + Number(one), 0), 100);
    const before = await shares();
    for (const nonsense of ["nonsense", "33.33", "12,5", "150"]) {
      await setShare(page, "f", nonsense);
      const problem = `'${nonsense}' is no share: percent from 0 to 100, with one decimal at the most, such as 33.3.`;
      await page.getByRole("alert").filter({ hasText: `Error: ${problem} Type f stays at ${before[2]} %.` }).waitFor();
      assert.deepEqual(await shares(), before);
    }
    await setShare(page, "a", "56.8");
    await setShare(page, "b", "32.2");
    assert.equal(await page.getByText("is no share").count(), 0);
    const proportion = await shares();
    for (const there of ["End", "Home", "End"]) await slider(page, "b").press(there);
    assert.deepEqual(await shares(), ["0", "100", "0"]);
    await setShare(page, "b", proportion[1]);
    assert.deepEqual(await shares(), proportion, "there and back, the other two keep their proportion");
  });
});

test("every change against the file is a number, and the file's own figures are outlined", async () => {
  await withPage({}, async (page) => {
    await openMix(page, sample(600));
    const completed = number(await figure(page, "Completed").locator("strong").textContent());
    await figure(page, "Completed").getByText("\u00b10 against the file").waitFor();
    const own = await bars(page, BY_TYPE);
    assert.ok(own.every((label) => !/[+\u2212]/.test(label)), "nothing has changed");
    await press(page, "Nobody completes");
    const shown = completed.toLocaleString("en");
    await figure(page, "Completed").getByText(`\u2212${shown} (\u2212100 %) against the file`).waitFor();
    assert.equal(await figure(page, "Employees doing nothing").locator("strong").textContent(), "600");
    await barSays(page, /^completes all \(a\), from the manager: 0, \u2212[\d,]+ \(\u2212100 %\)$/);
    const outlines = page.getByRole("group", { name: BY_TYPE, exact: true }).locator("rect.ghost");
    const wide = async () => Promise.all((await outlines.all()).map((one) => one.evaluate((one) => one.getBoundingClientRect().width)));
    const before = await wide();
    assert.ok(before.length === 2 && before.every((width) => width > 1), `${before}: of the types that changed`);
    await page.getByRole("group", { name: SHIFT, exact: true }).locator("line.ghost").first().waitFor();
    await page.getByText("No completions, because every employee completes none.").filter({ visible: true }).first().waitFor();
    await press(page, "Everyone engaged");
    await barSays(page, /^completes all \(a\), from the manager: [\d,]+, \+[\d,]+ \(\+\d+ %\)$/);
    assert.deepEqual(await wide(), before, "the outlines stay");
  });
});

test("scales stay while sliders move", async () => {
  await withPage({}, async (page) => {
    await openMix(page, sample(600));
    /** The numbers along the scales of all charts, and the positions of the marks. */
    const scales = () =>
      page.evaluate(() =>
        [...document.querySelectorAll(".area:not([hidden]) .bars")].map((bars) =>
          [...bars.querySelectorAll(".axis, .grid")].map((one) => `${one.textContent} ${one.getBoundingClientRect().x}`),
        ),
      );
    await press(page, "Everyone engaged");
    await barSays(page, /^completes one \(b\), from the manager: 0/);
    const before = await scales();
    assert.equal(before.length, 4);
    for (const name of ["Nobody completes", "As in the file", "A usual store"]) {
      await press(page, name);
      await figure(page, "Completed").getByText(name === "As in the file" ? "\u00b10 against" : /[+\u2212].* against the file/).waitFor();
      assert.deepEqual(await scales(), before, name);
    }
  });
});

test("sliders and charts share a screen of 1280 by 800", async () => {
  await withPage({ viewport: { width: 1280, height: 800 } }, async (page) => {
    await openMix(page, sample(1845));
    const parts = [slider(page, "f"), page.getByRole("button", { name: "Run with this mix" }), figure(page, "Completed")];
    for (const title of [BY_TYPE, ASSIGNED, SHIFT, DOSES]) parts.push(page.getByRole("group", { name: title, exact: true }).locator(".bars"));
    for (const part of parts) {
      const { y, height } = await part.boundingBox();
      assert.ok(y >= 0 && y + height <= 800, `${await part.textContent()}: ${y} to ${y + height}`);
    }
    assert.equal(await page.evaluate(() => window.scrollY), 0);
  });
});

test("what is below the sliders stays where it is, whatever the text above has to say", async () => {
  for (const viewport of [{ width: 390, height: 800 }, { width: 1280, height: 800 }]) {
    await withPage({ viewport }, async (page) => {
      const place = async () => {
        const box = await page.getByRole("button", { name: "Open the table" }).boundingBox();
        return Math.round(box.y + (await page.evaluate(() => window.scrollY)));
      };
      await goTo(page, "Mix");
      await page.getByText("Other shares of the types, for this run").waitFor();
      const places = [await place()];
      await goTo(page, "Feed");
      await openMix(page, sample(600));
      await page.getByText("The mark on each line is employees.csv as it is.").waitFor();
      places.push(await place());
      await slider(page, "f").focus();
      await page.keyboard.press("End");
      await page.getByText(/\d+ of 600 employees change/).waitFor();
      places.push(await place());
      assert.deepEqual(places, places.map(() => places[0]), `${viewport.width} pixels`);
    });
  }
});

test("a bar shows the employees behind it, and each says why", async () => {
  await withPage({}, async (page) => {
    await openMix(page, sample(600));
    const [title, reason] = [DOSES, "one open this week"];
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
  });
});

test("two scenarios are compared in one chart each, by one scale", async () => {
  await withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await openMix(page, sample(200));
    await press(page, "Compare two");
    await focusIsOn(page.getByLabel("First scenario"));
    await page.getByLabel("First scenario").selectOption("A usual store");
    await page.getByLabel("Second scenario").selectOption("Everyone engaged");
    await page.getByText("60 % complete all (a), 30 % one (b), 10 % none (f)").waitFor();
    await barSays(page, /^Everyone engaged, completes all \(a\), from the manager: [\d,]+, \+[\d,]+ \(\+\d+ %\)$/);
    await barSays(page, /^A usual store, completes one \(b\), from the manager: [1-9][\d,]*$/);
    await figure(page, "Still open").getByText(/^Everyone engaged: 0, \u2212[\d,]+ \(\u2212100 %\)$/).waitFor();
    const widths = await page.evaluate(() =>
      [...document.querySelectorAll('.area:not([hidden]) [aria-label*="from the manager: "][role="button"]')].map((bar) => {
        const count = Number(bar.getAttribute("aria-label").match(/: ([\d,]+)/)[1].replaceAll(",", ""));
        return bar.querySelector(".mark").getBoundingClientRect().width / count;
      }),
    );
    assert.equal(widths.length, 3);
    for (const width of widths) assert.ok(Math.abs(width / widths[0] - 1) < 0.02, `${widths}`);
    assert.deepEqual((await bars(page, SHIFT)).length, 32, "two columns for each half hour");
    const second = page.getByRole("button", { name: /^Everyone engaged, completes all \(a\), from the manager: / });
    await page.getByRole("button", { name: /^A usual store, completes all \(a\), from the manager: / }).press("Enter");
    await second.click();
    const listed = page.getByRole("table", { name: /^Employees behind "Everyone engaged, Who completed what: completes all \(a\)/ });
    await listed.getByText("completes all (a)", { exact: true }).first().waitFor();
    await page.getByRole("region", { name: /^Employees behind "Everyone engaged, / }).getByRole("button", { name: "Close the list" }).click();
    await focusIsOn(second);
    const chart = page.getByRole("group", { name: BY_TYPE, exact: true }).filter({ visible: true }).first();
    await chart.getByText("Table of these figures").click();
    await chart.getByRole("button", { name: "Copy" }).click();
    await chart.getByText("Copied.").waitFor();
    const columns = ["from the manager", "from recommendations"];
    const named = ["A usual store", "Everyone engaged"].flatMap((name) => columns.map((column) => `${column}: ${name}`));
    assert.deepEqual(await chart.getByRole("columnheader").allInnerTexts(), ["Type", ...named]);
    const lines = (await page.evaluate(() => navigator.clipboard.readText())).trimEnd().split("\n").map((line) => line.split("\t"));
    assert.deepEqual(lines[0], ["Type", ...named]);
    assert.deepEqual(lines.map((line) => line.length), [5, 5, 5, 5]);
    await page.getByLabel("Second scenario").selectOption("Nobody completes");
    const why = "Nobody completes: no completions, because every employee completes none.";
    await page.getByText(why, { exact: true }).first().waitFor();
    await press(page, "Close the comparison");
    await figure(page, "Completed").getByText("\u00b10 against the file").waitFor();
    await press(page, "Compare two");
    await focusIsOn(page.getByLabel("First scenario"));
    assert.equal(await page.getByRole("table", { name: /^Employees behind/ }).count(), 0, "lists of before are closed");
  });
});

test("own scenarios are kept, renamed, compared and deleted", async () => {
  await withPage({}, async (page) => {
    await goTo(page, "Mix");
    await setShare(page, "a", "20");
    await press(page, "Keep this one");
    await page.getByLabel("Name of the scenario", { exact: true }).fill("Hard month");
    await press(page, "Keep");
    await page.reload();
    await press(page, "Hard month");
    assert.equal(await share(page, "a").inputValue(), "20");
    await press(page, "Rename Hard month");
    await page.getByLabel("New name of the scenario").fill("Harder month");
    await press(page, "Save the name");
    const heading = page.getByRole("heading", { name: "Scenarios" });
    await focusIsOn(heading);
    await press(page, "Compare two");
    await page.getByLabel("Second scenario").selectOption("Harder month");
    await page.getByLabel("First scenario").selectOption("Everyone engaged");
    await press(page, "Delete Harder month");
    await focusIsOn(heading);
    assert.equal(await page.getByLabel("Second scenario").inputValue(), "The sliders");
    await press(page, "Undo");
    await page.getByRole("button", { name: "Delete Harder month" }).waitFor();
    await press(page, "Delete Harder month");
    await page.getByRole("button", { name: "Delete Harder month" }).waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("button", { name: "A usual store" }).waitFor();
    assert.equal(await page.getByText("Harder month").count(), 0);
  });
});

test("a scenario's name says which one it is", async () => {
  await withPage({}, async (page) => {
    await goTo(page, "Mix");
    const keep = async (name) => {
      await press(page, "Keep this one");
      await page.getByLabel("Name of the scenario", { exact: true }).fill(name);
      await press(page, "Keep");
    };
    const refused = (text) => page.getByRole("alert").filter({ hasText: text }).waitFor();
    for (const name of ["A usual store", "The sliders", "As in the file"]) {
      await keep(name);
      await refused(`'${name}' is the name of a scenario that cannot be changed; write another name.`);
    }
    await keep(" ");
    await refused("write a name first");
    await setShare(page, "a", "20");
    await keep("Hard month");
    await setShare(page, "a", "30");
    await keep("Hard month");
    await press(page, "A usual store");
    await press(page, "Hard month");
    assert.equal(await share(page, "a").inputValue(), "30", "the name of an own scenario gives it the new mix");
    await keep("Other");
    await press(page, "Rename Other");
    await page.getByLabel("New name of the scenario").fill("Hard month");
    await press(page, "Save the name");
    await refused("there is a scenario 'Hard month' already");
  });
});

test("a name is asked for in a field that has the focus, and can be given up; a long one stays in its panel", async () => {
  await withPage({ viewport: { width: 390, height: 844 } }, async (page) => {
    await goTo(page, "Mix");
    const field = page.getByLabel("Name of the scenario", { exact: true });
    const heading = page.getByRole("heading", { name: "Scenarios" });
    for (const giveUp of [() => field.press("Escape"), () => press(page, "Cancel")]) {
      await press(page, "Keep this one");
      await focusIsOn(field);
      await giveUp();
      await field.waitFor({ state: "detached" });
      await focusIsOn(heading);
    }
    await setShare(page, "a", "20");
    await press(page, "Keep this one");
    await field.pressSequentially("Holiday season 2026, two stores closed and many newcomers in both of them");
    assert.equal((await field.inputValue()).length, 60);
    await press(page, "Keep");
    await page.getByRole("button", { name: /^Rename Holiday season/ }).waitFor();
    assert.ok((await sidewaysScroll(page)) <= 0);
    await page.getByRole("button", { name: /^Delete Holiday season/ }).click();
    await press(page, "Undo");
    await focusIsOn(page.getByRole("link", { name: "Mix", exact: true }));
  });
});

test("shares are written and typed as the browser's locale writes numbers", async () => {
  await withPage({ locale: "de-DE" }, async (page) => {
    await openMix(page, sample(60));
    for (const typed of ["60,5", "60.5"]) {
      await setShare(page, "b", "10");
      await setShare(page, "b", typed);
      await slider(page, "b").and(page.locator("[aria-valuetext^='60,5 %, in the file ']")).waitFor();
      assert.equal(await share(page, "b").inputValue(), "60,5");
    }
    await goTo(page, "Feed");
    await page.getByRole("link", { name: /^Mix: all [\d,]+, one 60,5, none [\d,]+$/ }).waitFor();
  });
});

test("screen readers are told the figures once the mix rests, and no mark where there is no file", async () => {
  await withPage({}, async (page) => {
    await goTo(page, "Mix");
    assert.equal(await slider(page, "b").getAttribute("aria-valuetext"), "30 %");
    await goTo(page, "Feed");
    await openMix(page, sample(60));
    const told = page.getByRole("status").filter({ hasText: /^\d+ completed, \d+ still open, \d+ employees doing nothing, / });
    await told.waitFor({ state: "attached" });
    await press(page, "Nobody completes");
    const nobody = page.getByRole("status").filter({ hasText: /^0 completed, \d+ still open, 60 employees doing nothing, 0 from/ });
    await nobody.waitFor({ state: "attached" });
  });
});

test("what goes away leaves the focus beside it", async () => {
  await withPage({}, async (page) => {
    await openMix(page, sample(60));
    await press(page, "Open the table");
    await press(page, "Close the table");
    await focusIsOn(page.getByRole("heading", { name: "Single employees" }));
    await setShare(page, "b", "40");
    await goTo(page, "Feed");
    const chip = page.getByRole("link", { name: /^Mix: / });
    await chip.focus();
    await page.keyboard.press("Enter");
    await focusIsOn(page.getByRole("link", { name: "Mix", exact: true }));
    await goTo(page, "Feed");
    await press(page, "Remove the mix");
    await focusIsOn(page.getByRole("button", { name: "New seed" }));
  });
});

test("no bar covers what the Tab key reaches", async () => {
  for (const viewport of [{ width: 390, height: 844 }, { width: 640, height: 400 }, { width: 1280, height: 800 }]) {
    await withPage({ viewport }, async (page) => {
      await openMix(page, sample(60));
      await page.getByRole("button", { name: "As in the file" }).focus();
      const covered = [];
      for (let steps = 0; steps < 24; steps++) {
        await page.keyboard.press("Tab");
        const found = await page.evaluate(() => {
          const focused = document.activeElement;
          const { left, top, width, height } = focused.getBoundingClientRect();
          const over = document.elementFromPoint(left + width / 2, top + height / 2);
          const is_covered = over && !focused.contains(over) && over.closest(".areas, .run-bar, .top");
          return is_covered && !is_covered.contains(focused) ? focused.outerHTML.slice(0, 120) : null;
        });
        if (found) covered.push(found);
      }
      assert.deepEqual(covered, [], `${viewport.width} x ${viewport.height}`);
    });
  }
});

test("100,000 employees are mixed without holding up the page", async () => {
  await withPage({}, async (page) => {
    await openMix(page, sample(100_000));
    const tasks = await longTasks(page, async () => {
      await slider(page, "b").focus();
      for (let steps = 0; steps < 30; steps++) await page.keyboard.press(steps < 20 ? "ArrowRight" : "ArrowLeft");
      await press(page, "Nobody completes");
      await figure(page, "Completed").getByText("(\u2212100 %)").waitFor();
      await press(page, "Reset the mix");
      await figure(page, "Completed").getByText("\u00b10 against the file").waitFor();
    });
    assert.deepEqual(tasks, []);
  });
});

test("everybody can use the charts and the comparison, on a phone too", async () => {
  await withPage({ viewport: { width: 360, height: 740 }, bypassCSP: true }, async (page) => {
    await openMix(page, sample(60));
    await page.getByRole("button", { name: /^Daily Dose, completed: / }).first().click();
    await page.getByRole("table", { name: /^Employees behind/ }).getByRole("button").first().waitFor();
    assert.ok((await sidewaysScroll(page)) <= 0);
    assert.deepEqual(await violations(page), []);
    await press(page, "Keep this one");
    await press(page, "Compare two");
    await barSays(page, /^The sliders, completes all/);
    assert.ok((await sidewaysScroll(page)) <= 0);
    assert.deepEqual(await violations(page), []);
  });
});
