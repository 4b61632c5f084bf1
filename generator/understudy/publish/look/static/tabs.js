/* Panels one below the other become tabs (the pattern of the ARIA Authoring Practices); what was chosen is remembered. */
(function () {
  "use strict";
  var look = window.understudyLook, count = 0, all = [];

  function build(box) {
    var panels = Array.from(box.querySelectorAll(":scope > .panel"));
    if (panels.length < 2) return;
    var heading = box.querySelector(":scope > .tabs-title");
    var list = look.make("div", { className: "tablist" });
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", heading ? heading.textContent : window.understudyWords[box.dataset.remember === "status" ? "statuses" : "samples"]);
    var tabs = panels.map(function (panel) { return tabOf(panel, list); });
    var group = { panels: panels, tabs: tabs, remember: box.dataset.remember };
    tabs.forEach(function (tab, index) {
      tab.addEventListener("click", function () { choose(group, index, true); });
      tab.addEventListener("keydown", function (event) { step(event, group, index); });
    });
    if (heading) { var head = look.make("div", { className: "tabs-head" }); heading.before(head); head.append(heading, list); }
    else panels[0].before(list);
    all.push(group);
    choose(group, Math.max(0, wanted(group)), false);
  }

  function tabOf(panel, list) {
    count += 1;
    var title = panel.querySelector(":scope > .panel-title");
    var tab = look.make("button", { type: "button", id: "tab-" + count });
    tab.setAttribute("role", "tab");
    title.childNodes.forEach(function (node) { tab.append(node.cloneNode(true)); });
    title.hidden = true;
    panel.id = panel.id || "panel-" + count;
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    list.append(tab);
    return tab;
  }

  function wanted(group) {
    var name = look.kept(group.remember);
    return group.panels.findIndex(function (panel) { return panel.dataset.name && panel.dataset.name === name; });
  }

  function choose(group, index, isAsked) {
    group.tabs.forEach(function (tab, at) {
      tab.setAttribute("aria-selected", String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
      group.panels[at].hidden = at !== index;
    });
    var name = group.panels[index].dataset.name;
    if (!isAsked || group.remember !== "sample" || !name) return;
    look.keep(group.remember, name);
    all.forEach(function (other) {
      if (other === group || other.remember !== group.remember) return;
      var same = wanted(other);
      if (same >= 0) choose(other, same, false);
    });
  }

  function step(event, group, index) {
    var last = group.tabs.length - 1;
    var next = { ArrowRight: index === last ? 0 : index + 1, ArrowLeft: index === 0 ? last : index - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(group, next, true);
    group.tabs[next].focus();
  }

  window.understudyTabs = {
    /* Tells whether something else is shown now. */
    reveal: function (target) {
      var hidden = all.filter(function (group) { return group.panels.some(function (panel) { return panel.hidden && panel.contains(target); }); });
      hidden.forEach(function (group) {
        choose(group, group.panels.findIndex(function (panel) { return panel.contains(target); }), false);
      });
      return hidden.length > 0;
    },
    status: function (status) {
      all.forEach(function (group) {
        if (group.remember !== "status") return;
        var at = group.panels.findIndex(function (panel) { return panel.dataset.name === status; });
        if (at >= 0) choose(group, at, false);
      });
    },
  };
  document.querySelectorAll(".tabs").forEach(build);
  /* Who unfolds an answer in the text wants to see its examples beside it. */
  document.querySelectorAll("details.fold[data-status]").forEach(function (fold) {
    fold.querySelector("summary").addEventListener("click", function () {
      if (!fold.open) window.understudyTabs.status(fold.dataset.status);
    });
  });
})();
