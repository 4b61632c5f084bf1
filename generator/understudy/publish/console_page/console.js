// Puts Scalar into the page, with what the script beside it says. Whatever would ask a third party is off.
"use strict";
(function () {
  const told = window.understudyConsole;
  const place = document.getElementById("console");
  if (!told || !place || !window.Scalar) return;

  // A mock that serves this page is where the page is.
  const servers = told.servers.map((server) =>
    server.url.startsWith("/") ? { ...server, url: location.origin + server.url.replace(/\/$/, "") } : server,
  );

  // `?to=POST/things/{id}` is a link from an operation's page; Scalar has a place for each, named by its first tag too.
  function placeOf(wanted) {
    const [, method, path] = /^([^/]+)(.*)$/.exec(wanted) ?? [];
    const operation = told.document.paths?.[path]?.[method?.toLowerCase()];
    const tag = operation?.tags?.[0];
    return operation && `${tag === undefined ? "" : `tag/${slug(tag)}/`}${method}${path}`;
  }

  function slug(name) {
    const kept = name.slice(0, 255).trim().normalize("NFC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, "");
    return kept.replace(/[\s_-]+/g, "-").replace(/^-+|-+$/g, "");
  }

  const wanted = new URLSearchParams(location.search).get("to");
  const found = wanted && !location.hash && placeOf(wanted);
  if (found) location.hash = found;

  function theme() {
    const wanted = document.documentElement.dataset.theme;
    if (wanted === "dark" || wanted === "light") return wanted;
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  function configuration() {
    return {
      content: told.document,
      servers: servers,
      authentication: told.authentication,
      localization: { locale: told.language },
      forceDarkModeState: theme(),
      hideDarkModeToggle: true,
      hideSearch: true,
      telemetry: false,
      withDefaultFonts: false,
      agent: { disabled: true },
      mcp: { disabled: true },
      showDeveloperTools: "never",
      hideClientButton: true,
      documentDownloadType: "none",
      persistAuth: false,
      proxyUrl: "",
    };
  }

  window.Scalar.createApiReference(place, configuration());

  // Scalar reads its colours from two classes of the body, which it sets once.
  function follow() {
    const isDark = theme() === "dark";
    document.body.classList.toggle("dark-mode", isDark);
    document.body.classList.toggle("light-mode", !isDark);
  }
  new MutationObserver(follow).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
})();
