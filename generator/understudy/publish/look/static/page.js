/* What every page can do: copy code, change colours, filter the contents, unfold what a link or the printer needs. */
(function () {
  "use strict";
  var root = document.documentElement;
  var words = window.understudyWords;

  function make(name, properties, children) {
    var element = Object.assign(document.createElement(name), properties);
    (children || []).forEach(function (child) { element.append(child); });
    return element;
  }

  function icon(name) {
    var element = make("span", { className: "icon icon-" + name });
    element.setAttribute("aria-hidden", "true");
    return element;
  }

  function keep(name, value) {
    try { localStorage.setItem("understudy-" + name, value); } catch (refused) { /* then it is forgotten */ }
  }

  function kept(name) {
    try { return localStorage.getItem("understudy-" + name); } catch (refused) { return null; }
  }

  /* A status that is read out, for what only shows to the eye. */
  var status = make("div", { className: "hidden" });
  status.setAttribute("role", "status");
  document.body.append(status);
  function tell(text) { status.textContent = text; }

  function copying(code) {
    var button = make("button", { type: "button", className: "copy", title: words.copy }, [icon("copy")]);
    button.setAttribute("aria-label", words.copy);
    button.addEventListener("click", function () {
      copyText(code.textContent).then(function () {
        button.classList.add("done");
        button.replaceChildren(icon("done"));
        tell(words.copied);
        setTimeout(function () { button.classList.remove("done"); button.replaceChildren(icon("copy")); }, 1600);
      });
    });
    return button;
  }

  function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    var area = make("textarea", { value: text });
    (document.querySelector("dialog[open]") || document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    return Promise.resolve();
  }

  function addCopying(within) {
    within.querySelectorAll("pre.code").forEach(function (pre) {
      if (pre.parentElement.classList.contains("copied-from")) return;
      var around = make("div", { className: "copied-from" });
      pre.replaceWith(around);
      var wrap = wrapping();
      around.append(pre, make("div", { className: "code-tools" }, [wrap, copying(pre)]));
      fade(pre, around, wrap);
    });
  }

  /* Long lines scroll, and one can see that they do; or all code of the page is wrapped, which is remembered. */
  function wrapping() {
    var button = make("button", { type: "button", className: "wrap", title: words.wrap, hidden: true }, [icon("wrap")]);
    button.setAttribute("aria-label", words.wrap);
    button.setAttribute("aria-pressed", String(root.classList.contains("wrapped")));
    button.addEventListener("click", function () {
      var now = root.classList.toggle("wrapped");
      keep("wrap", now ? "yes" : "no");
      document.querySelectorAll("button.wrap").forEach(function (one) { one.setAttribute("aria-pressed", String(now)); });
    });
    return button;
  }

  function fade(pre, around, wrap) {
    function look() {
      var hiddenPart = pre.scrollWidth - pre.clientWidth;
      if (hiddenPart > 2) wrap.hidden = false;
      around.classList.toggle("goes-on", hiddenPart - Math.abs(pre.scrollLeft) > 2);
    }
    pre.addEventListener("scroll", look, { passive: true });
    pre.seeSize = look;
    sizes.observe(pre);
  }
  var sizes = new ResizeObserver(function (entries) { entries.forEach(function (entry) { entry.target.seeSize(); }); });

  function themes() {
    var button = document.querySelector("button.theme");
    var all = ["auto", "light", "dark"];
    function show() {
      var now = root.dataset.theme || "auto";
      button.querySelector(".hidden").textContent = words.theme + ": " + words["theme-" + now];
      button.title = words.theme + ": " + words["theme-" + now];
    }
    button.addEventListener("click", function () {
      var next = all[(all.indexOf(root.dataset.theme || "auto") + 1) % all.length];
      if (next === "auto") delete root.dataset.theme; else root.dataset.theme = next;
      keep("theme", next);
      show();
      tell(words.theme + ": " + words["theme-" + next]);
    });
    show();
  }

  function menus() {
    document.querySelectorAll("details.menu").forEach(function (menu) {
      document.addEventListener("click", function (event) { if (!menu.contains(event.target)) menu.open = false; });
      menu.addEventListener("keydown", function (event) {
        if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
      });
    });
  }

  /* The same anchor in the other language. */
  function followAnchor() {
    document.querySelectorAll(".languages a").forEach(function (link) {
      link.addEventListener("click", function () { link.hash = location.hash; });
    });
  }

  function side() {
    var details = document.querySelector("details.side");
    if (!details) return;
    var wide = matchMedia("(min-width: 60.01rem)");
    function fit() { details.open = wide.matches; }
    wide.addEventListener("change", fit);
    fit();
    var current = details.querySelector("[aria-current]");
    if (current && wide.matches) {
      var offset = current.getBoundingClientRect().top - details.getBoundingClientRect().top;
      if (offset > details.clientHeight - 60) details.scrollTop = offset - details.clientHeight / 2;
    }
    filter(details);
  }

  function filter(details) {
    var input = details.querySelector("#filter"), found = details.querySelector(".found"), groups = details.querySelector(".groups");
    input.addEventListener("input", function () {
      var query = input.value.trim();
      if (!query) { found.hidden = true; groups.hidden = false; return; }
      window.understudyPages.search(query, 80, function (hits) {
        if (input.value.trim() !== query) return;
        found.replaceChildren.apply(found, hits.map(function (hit) {
          var link = make("a", { href: hit.address }, [make("span", { className: "entry", textContent: hit.title, lang: hit.language || "" })]);
          if (!hit.language) link.firstChild.removeAttribute("lang");
          if (hit.method) link.append(make("span", { className: "method " + hit.method.toLowerCase(), textContent: hit.method === "DELETE" ? "DEL" : hit.method }));
          return make("li", {}, [link]);
        }));
        if (!hits.length) found.append(make("li", { className: "search-empty", textContent: words["search-none"].replace("{query}", query) }));
        found.hidden = false;
        groups.hidden = true;
        tell(words.found.replace("{count}", hits.length));
      }, { book: root.dataset.book, titles: true });
    });
    input.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !input.value) return;
      input.value = "";
      input.dispatchEvent(new Event("input"));
      event.preventDefault();
    });
  }

  /* A link into something folded unfolds it. */
  function unfold() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    var folded = [target.querySelector(":scope > details")];
    for (var above = target.parentElement; above; above = above.parentElement) folded.push(above.tagName === "DETAILS" ? above : null);
    folded = folded.filter(function (one) { return one && !one.open; });
    folded.forEach(function (one) { one.open = true; });
    var isRevealed = window.understudyTabs && window.understudyTabs.reveal(target);
    if (folded.length || isRevealed) target.scrollIntoView(); /* else who goes back stays where the browser puts him */
  }

  function printing() {
    var opened = [];
    addEventListener("beforeprint", function () {
      document.querySelectorAll("main details:not([open])").forEach(function (one) { one.open = true; opened.push(one); });
    });
    addEventListener("afterprint", function () { opened.splice(0).forEach(function (one) { one.open = false; }); });
  }

  function contents() {
    var all = Array.from(document.querySelectorAll(".toc a, .side .inside a")).map(function (link) {
      return { link: link, place: document.getElementById(decodeURIComponent(link.hash.slice(1))) };
    }).filter(function (one) { return one.place; });
    var seen = null, isWaiting = false;
    function look() {
      isWaiting = false;
      var now = reading(all);
      if (now === seen) return;
      if (seen) seen.link.classList.remove("seen");
      if (now) { now.link.classList.add("seen"); follow(now.link); }
      seen = now;
    }
    function wait() {
      if (isWaiting) return;
      isWaiting = true;
      requestAnimationFrame(look);
    }
    if (!all.length) return;
    ["scroll", "resize", "hashchange"].forEach(function (name) { addEventListener(name, wait, { passive: true }); });
    look();
  }

  /* Where one reads: the last heading in the upper third or above; at the very end what was asked for, else the last. */
  function reading(all) {
    var height = root.clientHeight, isEnd = scrollY > 0 && scrollY + height >= root.scrollHeight - 2;
    if (isEnd) return all.find(function (one) { return one.link.hash === location.hash && top(one) > 0; }) || all[all.length - 1];
    return all.filter(function (one) { return top(one) < height / 3; }).pop() || null;
  }

  function top(one) { return one.place.getBoundingClientRect().top; }

  /* Moves the contents alone: `scrollIntoView` would stop the page on its own way. */
  function follow(link) {
    var list = link.closest(".toc, .side"), place = link.getBoundingClientRect(), frame = list.getBoundingClientRect();
    if (place.top < frame.top) list.scrollTop -= frame.top - place.top + 8;
    else if (place.bottom > frame.bottom) list.scrollTop += place.bottom - frame.bottom + 8;
  }

  window.understudyLook = { make: make, icon: icon, keep: keep, kept: kept, tell: tell, addCopying: addCopying };
  if (kept("wrap") === "yes") root.classList.add("wrapped");
  addCopying(document);
  themes();
  menus();
  followAnchor();
  side();
  printing();
  contents();
  addEventListener("hashchange", unfold);
  addEventListener("DOMContentLoaded", unfold);
})();
