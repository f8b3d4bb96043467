// Chooses the text that people see until the page's program runs, or when it cannot: no WebAssembly, a file that is held back
// on the way, or a program that is late. The texts are in index.html, below <div id="start">.
//
// Trunk puts the script into index.html itself, so that it runs even if no other file arrives. It uses only JavaScript that
// old browsers understand. No address in it may begin with a dot: sw.js takes such texts for files of the build.
(function () {
  "use strict";
  var LATE = 20000;
  var LONGEST_LOOK = 10000;
  var start = document.getElementById("start");
  var shown = null;

  if (typeof WebAssembly !== "object") {
    show("no-webassembly");
  } else if (location.protocol === "file:") {
    show("file");
  }
  var late = setTimeout(function () {
    if (!shown) show("late");
  }, LATE);
  // In the capturing phase, because the error event of a script that does not load does not bubble.
  addEventListener("error", failed, true);
  addEventListener("unhandledrejection", failed);
  var observer = new MutationObserver(function () {
    if (document.querySelector("body > main")) end();
  });
  observer.observe(document.body, { childList: true });

  /** Removes all texts once the program runs, which shows the page itself. */
  function end() {
    clearTimeout(late);
    observer.disconnect();
    removeEventListener("error", failed, true);
    removeEventListener("unhandledrejection", failed);
    start.parentNode.removeChild(start);
  }

  function failed(event) {
    // The program runs without a missing picture or style sheet.
    if (event.target && /^(link|img)$/i.test(event.target.nodeName || "")) return;
    if (shown && shown !== "late") return;
    show("blocked");
    var reason = event.reason || event.error;
    if (reason) find("browser-says").textContent = "The browser reports: " + (reason.message || reason);
    look();
  }

  /** Shows one of the texts, and no other. */
  function show(name) {
    shown = name;
    var texts = start.querySelectorAll("[data-start]");
    for (var i = 0; i < texts.length; i++) texts[i].hidden = texts[i].getAttribute("data-start") !== name;
    var address = location.protocol === "file:" ? location.href : location.origin;
    var places = start.querySelectorAll("[data-address]");
    for (i = 0; i < places.length; i++) places[i].textContent = address;
    var buttons = start.querySelectorAll("button");
    for (i = 0; i < buttons.length; i++) buttons[i].onclick = tryAgain;
  }

  function find(name) {
    return start.querySelector("[data-" + name + "]");
  }

  /** The addresses of the program's files, as index.html names them. */
  function files() {
    var links = document.querySelectorAll("link[rel=modulepreload], link[rel=preload]");
    return Array.prototype.map.call(links, function (link) {
      return link.href;
    });
  }

  /** Requests each file once more, and lists the results. */
  function look() {
    files().forEach(function (address) {
      var line = document.createElement("li");
      var name = document.createElement("code");
      name.textContent = address.replace(/.*\//, "");
      var found = document.createTextNode(": asked for again ...");
      line.appendChild(name);
      line.appendChild(found);
      find("files").appendChild(line);
      answerOf(address).then(function (text) {
        found.nodeValue = ": " + text;
      });
    });
  }

  /** The result of requesting a file, in words. */
  function answerOf(address) {
    var answered = fetch(address, { cache: "no-store" }).then(
      function (response) {
        if (!response.ok) return "refused with the answer " + response.status + " " + response.statusText;
        if (/text\/html/.test(response.headers.get("content-type"))) return "a web page came in its place";
        return response.arrayBuffer().then(
          function (bytes) {
            var isDamaged = /\.wasm$/.test(address) && !WebAssembly.validate(bytes);
            return isDamaged ? "damaged or cut short on the way, or too new for this browser" : "arrived";
          },
          function () {
            return "cut short on the way";
          },
        );
      },
      function () {
        return "no answer: the server cannot be reached, or something on the way cuts it off";
      },
    );
    var patience = new Promise(function (resolve) {
      setTimeout(resolve, LONGEST_LOOK, "no answer within " + LONGEST_LOOK / 1000 + " seconds");
    });
    return Promise.race([answered, patience]);
  }

  /** Reloads the page. If its server answers, the files that this browser keeps are dropped first: they may be damaged. */
  function tryAgain() {
    fetch(location.pathname + "?" + Date.now(), { cache: "no-store" })
      .then(function (response) {
        return response.ok ? forgetKept() : undefined;
      })
      .catch(function () {})
      .then(function () {
        location.reload();
      });
  }

  function forgetKept() {
    var scope = location.href.replace(/[^/]*([?#].*)?$/, "");
    var forgotten = [];
    if (navigator.serviceWorker) {
      forgotten.push(
        navigator.serviceWorker.getRegistration(scope).then(function (registration) {
          return registration && registration.unregister();
        }),
      );
    }
    if (window.caches) {
      forgotten.push(
        caches.keys().then(function (names) {
          return Promise.all(
            names.map(function (name) {
              return name.indexOf("btcfake " + scope + " ") === 0 && caches.delete(name);
            }),
          );
        }),
      );
    }
    // The browser's own cache, too, which keeps files with a hash in their names for good.
    return Promise.all(forgotten).then(function () {
      return Promise.all(
        files().map(function (address) {
          return fetch(address, { cache: "reload" }).catch(function () {});
        }),
      );
    });
  }
})();
