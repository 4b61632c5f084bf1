/* Links by which the mock gives one documented answer: asked in place where the mock serves the page itself. */
(function () {
  "use strict";
  var root = document.documentElement, words = window.understudyWords, look = window.understudyLook;
  var facts = window.understudy || { served: false, mocks: {} };
  var mock = facts.mocks[root.dataset.book] || { address: "", headers: {}, command: "" };
  var isHere = facts.served && root.dataset.served !== undefined;

  function tokenOf() {
    var names = Object.keys(mock.headers || {});
    return { name: names[0] || "", value: look.kept("credential-" + root.dataset.book) || mock.headers[names[0]] || "" };
  }

  function headersOf(box) {
    var headers = Object.assign({}, mock.headers), token = tokenOf();
    if (token.name) headers[token.name] = token.value;
    if (box.dataset.prefer) headers.Prefer = box.dataset.prefer;
    if (box.dataset.body !== undefined && box.dataset.media) headers["Content-Type"] = box.dataset.media;
    return headers;
  }

  /* A script may not send this header, but it may hand the browser what to put into it. */
  function handOver(headers) {
    if (!headers.Cookie) return "omit";
    headers.Cookie.split("; ").forEach(function (pair) { document.cookie = pair + "; path=/; max-age=60; samesite=strict"; });
    delete headers.Cookie;
    return "same-origin";
  }

  function ask(box) {
    var place = box.querySelector(".asked") || look.make("div", { className: "asked" });
    box.append(place);
    send(box.dataset, headersOf(box), place, function () { return [credential(box)]; });
  }

  function send(wanted, headers, place, further) {
    place.replaceChildren(look.make("p", { textContent: words["ask-wait"] }));
    var started = performance.now(), credentials = handOver(headers);
    var url = new URL(wanted.url, location.href);
    fetch(url.pathname + url.search, { /* the mock that serves the page may have more names than one */
      method: wanted.method, headers: headers, cache: "no-store", credentials: credentials,
      body: /^(get|head)$/i.test(wanted.method) ? undefined : wanted.body,
    }).then(function (answer) {
      return answer.text().then(function (text) { show(place, answer, text, performance.now() - started, further()); });
    }).catch(function () {
      place.replaceChildren(look.make("p", { textContent: words["ask-failed"].replace("{address}", mock.address || location.origin) }));
    });
  }

  function show(place, answer, text, took, further) {
    var code = look.make("code", { textContent: answer.status + " " + answer.statusText });
    var status = look.make("span", { className: "status status-" + String(answer.status)[0] }, [code]);
    var line = look.make("p", {}, [status, look.make("span", { textContent: words["ask-took"].replace("{time}", String(Math.round(took))) })]);
    var explanation = answer.headers.get("understudy-explain");
    if (explanation) line.append(look.make("span", { className: "explain", textContent: explanation }));
    var pre = look.make("pre", { className: "code", tabIndex: 0 }, [coloured(text)]);
    place.replaceChildren.apply(place, [line].concat(text ? [pre] : [], [headers(answer)], further));
    look.addCopying(place);
    look.tell(answer.status + " " + answer.statusText);
  }

  function headers(answer) {
    var lines = [];
    answer.headers.forEach(function (value, name) { lines.push(name + ": " + value); });
    var pre = look.make("pre", { className: "code", tabIndex: 0, textContent: lines.join("\n") });
    return look.make("details", {}, [look.make("summary", { textContent: words["ask-headers"] }), pre]);
  }

  function credential(box) {
    var token = tokenOf();
    var form = look.make("form", {});
    if (token.name) {
      var input = look.make("input", { value: token.value, spellcheck: false, autocomplete: "off", id: "credential-" + Math.random().toString(36).slice(2) });
      var label = look.make("label", { textContent: token.name, htmlFor: input.id });
      input.addEventListener("change", function () { look.keep("credential-" + root.dataset.book, input.value); });
      form.append(label, input);
    }
    form.append(look.make("button", { type: "submit", textContent: words["ask-again"] }));
    form.addEventListener("submit", function (event) { event.preventDefault(); ask(box); });
    return form;
  }

  /* JSON in the colours of the page's own code; anything else as it came. */
  function coloured(text) {
    var code = look.make("code", {}), pretty = text;
    try { JSON.parse(text); pretty = spaced(text); } catch (other) { code.textContent = text; return code; }
    var expression = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)|[^"\-\dtfn]+|./gs, found;
    while ((found = expression.exec(pretty))) {
      var kind = found[1] ? (found[2] ? "nt" : "s2") : found[3] ? "mi" : found[4] ? "kc" : "";
      if (!kind) { code.append(found[0]); continue; }
      code.append(look.make("span", { className: kind, textContent: found[1] || found[0] }));
      if (found[2]) code.append(found[2]);
    }
    return code;
  }

  /* Indents the text as it was sent: reading the values would change 1.00 and large numbers. */
  function spaced(text) {
    var depth = 0, out = "";
    var expression = /"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{[]|[}\]]|,|:|[^\s"{}[\],:]+/g, found;
    while ((found = expression.exec(text))) {
      var piece = found[0];
      if (piece === "{" || piece === "[") { depth += 1; out += piece + line(depth); }
      else if (piece === "}" || piece === "]") { depth -= 1; out += line(depth) + piece; }
      else if (piece === ",") out += "," + line(depth);
      else out += piece === ":" ? ": " : piece;
    }
    return out;
  }

  function line(depth) { return "\n" + "  ".repeat(depth); }

  /* In a table the answer opens below its row, and shuts again. */
  function askInRow(link) {
    var row = link.closest("tr"), below = row.nextElementSibling;
    if (below && below.classList.contains("asked-row")) { shut(link, below); return; }
    var place = look.make("div", { className: "asked" });
    var cell = look.make("td", { colSpan: row.cells.length }, [place]);
    below = look.make("tr", { className: "asked-row" }, [cell]);
    row.after(below);
    link.setAttribute("aria-expanded", "true");
    var button = look.make("button", { type: "button", className: "shut", textContent: words.close });
    button.addEventListener("click", function () { shut(link, below); link.focus(); });
    send({ method: "GET", url: link.href }, Object.assign({}, mock.headers), place, function () { return [button]; });
  }

  function shut(link, below) {
    below.remove();
    link.setAttribute("aria-expanded", "false");
  }

  document.querySelectorAll("td a.get-answer").forEach(function (link) {
    if (!isHere) { if (mock.command) link.title = words["ask-start"] + " " + mock.command; return; }
    link.setAttribute("role", "button"); /* it opens something here, and leads nowhere */
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("keydown", function (event) {
      if (event.key === " ") { event.preventDefault(); askInRow(link); }
    });
    link.addEventListener("click", function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      askInRow(link);
    });
  });

  document.querySelectorAll("div.ask").forEach(function (box) {
    var link = box.querySelector("a");
    if (!link) return;
    if (!isHere || !box.dataset.url) { needs(box, link); return; }
    link.addEventListener("click", function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      ask(box);
    });
  });

  /* Elsewhere the link leads to a mock that somebody must have started: each card of answers says how, once. */
  function needs(box, link) {
    if (!mock.command || isHere) return;
    link.title = words["ask-start"] + " " + mock.command;
    var card = box.closest(".answers-aside");
    if (!card || card.querySelector(".ask-start")) return;
    card.append(look.make("p", { className: "ask-start" }, [words["ask-start"] + " ", look.make("code", { textContent: mock.command })]));
  }
})();
