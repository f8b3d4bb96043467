// Loads the program of the simulation's worker (web/src/worker). The page sends the address of the script and the compiled
// module of its own build, so that page and worker are always of the same build. The worker passes both on to workers that it
// starts.
addEventListener(
  "message",
  async ({ data }) => {
    try {
      self.program = data;
      const { default: start } = await import(data.script);
      await start({ module_or_path: data.module });
    } catch (error) {
      reportError(error);
    }
  },
  { once: true },
);

// Reports the failure of an asynchronous task to the page as an error of the worker.
addEventListener("unhandledrejection", (event) => reportError(event.reason));
