// The door of the simulation's worker. The page sends the address of the worker's script and the compiled module that its
// own build has, so that page and worker are always of the same build; from then on the worker is what main() makes of it
// (web/src/worker). It gives the same to workers of its own.
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

// A failure of an asynchronous task reaches the page as an error of the worker, like any other.
addEventListener("unhandledrejection", (event) => reportError(event.reason));
