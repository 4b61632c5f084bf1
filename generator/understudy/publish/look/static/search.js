/* Search over the site's own index, which lies in classic scripts so that it can be read without a server too. */
(function () {
  "use strict";
  var root = document.documentElement, words = window.understudyWords, look = window.understudyLook;
  var kinds = ["operation", "guide", "webhook", "schema", "full"];
  var loading = null, pages = [], books = new Map();

  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  /* `listReleaseRequests`, `X-RateLimit-Reset` and `phone_number_id` are several words each. */
  function parts(text) {
    return fold(text.replace(/([a-z0-9])([A-Z])/g, "$1 $2")).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  }

  function load() {
    loading = loading || Promise.all(words.indexes.map(read)).then(prepare);
    return loading;
  }

  function read(path) {
    return new Promise(function (resolve) {
      var script = document.createElement("script");
      script.src = root.dataset.root + path;
      script.onload = script.onerror = resolve;
      document.head.append(script);
    });
  }

  function prepare() {
    (window.understudyIndexes || []).forEach(function (index) {
      if (index.book) books.set(index.book, index.title);
      index.pages.forEach(function (one) {
        pages.push({
          title: one.t, path: one.p, method: one.m || "", kind: one.k, below: one.d || "", language: one.l || "", book: index.book,
          fields: [
            { weight: 10, text: fold(one.t), words: parts(one.t) },
            { weight: 9, text: fold((one.w || []).join(" ")), words: (one.w || []).flatMap(parts), whole: (one.w || []).map(fold) },
            { weight: 5, text: fold((one.f || []).join(" ")), words: (one.f || []).flatMap(parts), whole: (one.f || []).map(fold), names: one.f || [] },
            { weight: 3, text: fold(one.d || ""), words: parts(one.d || "") },
          ],
        });
      });
    });
  }

  /* Slips of the pen: letters added, left out, changed or swapped, one in four letters or five, two in eight or more. */
  function near(word, token) {
    var most = token.length < 4 ? 0 : token.length < 8 ? 1 : 2;
    if (!most || Math.abs(word.length - token.length) > most || word[0] !== token[0]) return false;
    var before = [], last = [], row = [];
    for (var i = 0; i <= token.length; i += 1) last.push(i);
    for (var w = 1; w <= word.length; w += 1) {
      row = [w];
      for (var t = 1; t <= token.length; t += 1) {
        var cost = word[w - 1] === token[t - 1] ? 0 : 1;
        row[t] = Math.min(last[t] + 1, row[t - 1] + 1, last[t - 1] + cost);
        if (w > 1 && t > 1 && word[w - 1] === token[t - 2] && word[w - 2] === token[t - 1]) row[t] = Math.min(row[t], before[t - 2] + 1);
      }
      before = last;
      last = row;
    }
    return row[token.length] <= most;
  }

  function weigh(field, token, isLoose) {
    if (field.text === token || (field.whole && field.whole.includes(token))) return 10 * field.weight;
    if (field.whole && field.whole.some(function (one) { return one.startsWith(token); })) return 8 * field.weight;
    var best = 0;
    for (var word of field.words) {
      if (word === token) { best = 8; break; }
      if (word.startsWith(token)) best = Math.max(best, 6);
    }
    if (!best && field.text.includes(token)) best = 3;
    if (!best && isLoose && field.weight > 5 && field.words.some(function (one) { return near(one, token); })) best = 2;
    return best * field.weight;
  }

  /* Every word must be found. A title that says little else comes first, then one that begins with it, or has the words
     in the order in which they were typed. */
  function score(page, tokens, depth, isLoose) {
    var sum = 0, title = page.fields[0].text, all = tokens.join(" ");
    for (var token of tokens) {
      var best = 0;
      for (var at = 0; at < depth; at += 1) best = Math.max(best, weigh(page.fields[at], token, isLoose));
      if (!best) return 0;
      sum += best;
    }
    var share = title.includes(all) ? (40 * all.length) / title.length : 0;
    return sum + share + (title.startsWith(all) ? 8 : 0) + (inOrder(title, tokens) ? 6 : 0) + (page.kind === "operation" ? 10 : 0);
  }

  function inOrder(title, tokens) {
    var at = 0;
    return tokens.length > 1 && tokens.every(function (token) {
      var place = title.indexOf(token, at);
      at = place + token.length;
      return place >= 0;
    });
  }

  function search(query, most, then, options) {
    load().then(function () {
      var tokens = fold(query).split(/\s+/).filter(Boolean), wish = options || {};
      var searched = pages.filter(function (page) { return !wish.book || page.book === wish.book; });
      var hits = scored(searched, tokens, wish.titles ? 2 : 4, false);
      if (!hits.length) hits = scored(searched, tokens, 2, true);
      hits.sort(function (one, other) { return other.points - one.points || one.at - other.at; });
      then(hits.slice(0, most).map(function (hit) { return shown(hit.page, tokens, fold(query).trim()); }));
    });
  }

  function scored(searched, tokens, depth, isLoose) {
    return searched.map(function (page, at) { return { points: score(page, tokens, depth, isLoose), at: at, page: page }; })
      .filter(function (hit) { return hit.points > 0; });
  }

  function shown(page, tokens, query) {
    var field = page.fields[2].names.find(function (name) { return tokens.some(function (token) { return fold(name).includes(token); }); });
    var inTitle = tokens.every(function (token) { return page.fields[0].text.includes(token) || page.fields[1].text.includes(token); });
    var isNamed = page.fields[0].text === query || (page.fields[1].whole || []).includes(query);
    return {
      strength: isNamed ? 2 : inTitle ? 1 : 0, title: page.title, method: page.method, kind: page.kind, language: page.language,
      book: page.book && page.book !== root.dataset.book && books.size > 1 ? books.get(page.book) : "",
      address: root.dataset.root + page.path + ".html", below: !inTitle && field ? field + " · " + page.below : page.below,
    };
  }

  /* Before anything is typed: the guides of this contract, or of all where the page is none's. */
  function guides(most, then) {
    load().then(function () {
      var found = pages.filter(function (page) { return page.kind === "guide" && (!root.dataset.book || page.book === root.dataset.book); });
      then(found.slice(0, most).map(function (page) { return shown(page, [], ""); }));
    });
  }
  window.understudyPages = { search: search };

  /* Where there is an index of every word and a server to read it from, what stands in the text is found as well. */
  var reading = null;
  function inText(query, then) {
    if (!words.fullText || !/^https?:$/.test(location.protocol)) return;
    reading = reading || import(new URL(root.dataset.root + "pagefind/pagefind.js", location.href).href);
    reading.then(function (reader) {
      return reader.search(query).then(function (found) {
        return Promise.all(found.results.slice(0, 8).map(function (result) { return result.data(); }));
      });
    }).then(function (results) {
      then(results.map(function (one) {
        return { strength: 0, title: one.meta.title, kind: "full", method: "", language: "", below: one.plain_excerpt, address: one.url };
      }));
    }, function () { /* the names are found all the same */ });
  }

  /* The dialog: a combobox whose list is grouped by kind. */
  var dialog = null, input, list, keys, options = [], chosen = -1;

  function build() {
    input = look.make("input", { type: "text", autocomplete: "off", spellcheck: false, placeholder: words["search-hint"] });
    [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", "search-list"], ["aria-label", words.search], ["aria-autocomplete", "list"]]
      .forEach(function (pair) { input.setAttribute(pair[0], pair[1]); });
    list = look.make("div", { className: "search-list", id: "search-list" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.search);
    var shut = look.make("button", { type: "button", textContent: "Esc" });
    shut.setAttribute("aria-label", words.close);
    shut.addEventListener("click", function () { dialog.close(); });
    keys = look.make("p", { className: "search-keys", textContent: words["search-keys"] });
    dialog = look.make("dialog", { className: "search" }, [look.make("div", { className: "search-line" }, [look.icon("search"), input, shut]), list, keys]);
    dialog.setAttribute("aria-label", words.search);
    input.addEventListener("input", ask);
    input.addEventListener("keydown", steer);
    dialog.addEventListener("click", function (event) { if (event.target === dialog) dialog.close(); });
    document.body.append(dialog);
  }

  function open() {
    if (!dialog) build();
    if (dialog.open) return;
    load();
    dialog.showModal();
    input.select();
    ask();
  }

  function ask() {
    var query = input.value.trim();
    if (!query) return guides(8, function (hits) { if (!input.value.trim()) show(hits, ""); });
    search(query, 40, function (hits) {
      if (input.value.trim() !== query) return;
      show(hits, query);
      inText(query, function (more) {
        var known = hits.map(function (hit) { return new URL(hit.address, location.href).pathname; });
        more = more.filter(function (one) { return !known.includes(new URL(one.address, location.href).pathname); });
        if (input.value.trim() === query && more.length) show(hits.concat(more), query);
      });
    });
  }

  function show(hits, query) {
    options = [];
    var boxes = kinds.map(function (kind) { return group(kind, hits.filter(function (hit) { return hit.kind === kind; }), query); });
    var order = kinds.map(function (kind, at) { return { strength: strength(kind, hits), at: at }; })
      .filter(function (one) { return one.strength >= 0; }).sort(function (one, other) { return other.strength - one.strength || one.at - other.at; });
    list.replaceChildren.apply(list, order.map(function (one) { return boxes[one.at]; }));
    options = Array.from(list.querySelectorAll("[role=option]"));
    options.forEach(function (option, at) { option.id = "hit-" + at; });
    input.setAttribute("aria-expanded", String(options.length > 0));
    keys.textContent = query && !hits.length ? words["search-none"].replace("{query}", query) : words["search-keys"];
    look.tell(query ? (hits.length ? words.found.replace("{count}", hits.length) : keys.textContent) : "");
    choose(options.length ? 0 : -1);
  }

  /* What is called just so comes first, then what is called so among other things, then what only speaks of it; of
     equals operations come first, then guides, webhooks, schemas. */
  function strength(kind, hits) {
    return Math.max.apply(null, [-1].concat(hits.filter(function (hit) { return hit.kind === kind; }).map(function (hit) { return hit.strength; })));
  }

  function group(kind, hits, query) {
    var title = look.make("div", { className: "search-group", textContent: kind === "full" ? words["search-full"] : words["kind-" + kind], id: "search-kind-" + kind });
    var box = look.make("div", {}, [title].concat(hits.map(function (hit) { return option(hit, query); })));
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", title.id);
    return box;
  }

  function option(hit, query) {
    var title = marked(hit.title, query), below = marked(hit.below, query);
    title.className = "hit-title";
    below.className = "hit-below";
    if (hit.language) title.lang = below.lang = hit.language;
    var element = look.make("div", { className: "search-hit" }, [title]);
    if (hit.method) element.prepend(look.make("span", { className: "method " + hit.method.toLowerCase(), textContent: hit.method === "DELETE" ? "DEL" : hit.method }));
    if (hit.book) element.append(look.make("span", { className: "hit-book", textContent: hit.book }));
    if (hit.below) element.append(below);
    element.setAttribute("role", "option");
    element.dataset.address = hit.address;
    element.addEventListener("click", function () { go(element); });
    return element;
  }

  function marked(text, query) {
    var element = look.make("span", {}), plain = fold(text), tokens = fold(query).split(/\s+/).filter(Boolean), at = 0;
    if (plain.length !== text.length) { element.textContent = text; return element; }
    while (at < text.length) {
      var next = text.length, length = 0;
      tokens.forEach(function (token) {
        var place = plain.indexOf(token, at);
        if (place >= 0 && (place < next || (place === next && token.length > length))) { next = place; length = token.length; }
      });
      element.append(text.slice(at, next));
      if (length) element.append(look.make("mark", { textContent: text.slice(next, next + length) }));
      at = next + (length || 1);
    }
    return element;
  }

  function choose(at) {
    chosen = at;
    options.forEach(function (option, index) { option.setAttribute("aria-selected", String(index === at)); });
    if (at < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }

  function steer(event) {
    var last = options.length - 1;
    if (event.key === "ArrowDown" && options.length) choose(chosen === last ? 0 : chosen + 1);
    else if (event.key === "ArrowUp" && options.length) choose(chosen <= 0 ? last : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) go(options[chosen]);
    else return;
    event.preventDefault();
  }

  function go(option) {
    dialog.close();
    location.assign(option.dataset.address);
  }

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  document.querySelectorAll(".search-open").forEach(function (button) { button.addEventListener("click", open); });
  document.addEventListener("keydown", function (event) {
    var isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
    var isK = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k";
    if (!isSlash && !isK) return;
    event.preventDefault();
    open();
  });
})();
