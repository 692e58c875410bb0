document.documentElement.classList.add("js");
(function () {
  "use strict";
  var slider = document.getElementById("when");
  if (slider) {
    var says = document.getElementById("says");
    var periods = JSON.parse(slider.dataset.periods);
    var show = function () {
      var place = Number(slider.value);
      document.querySelectorAll("[data-states]").forEach(function (dot) {
        dot.setAttribute("class", "dot s-" + dot.dataset.states.split(" ")[place]);
      });
      says.textContent = periods[place];
      slider.setAttribute("aria-valuetext", periods[place]);
    };
    slider.addEventListener("input", show);
    show();
  }
  // A table wider than its place says so; on paper what is folded opens, but for the longest.
  var wide = function () {
    document.querySelectorAll(".scroll").forEach(function (each) {
      each.classList.toggle("more", each.scrollWidth > each.clientWidth + 2);
    });
  };
  window.addEventListener("resize", wide);
  document.addEventListener("toggle", wide, true);
  wide();
  var unfolded = [];
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.print:not([open])").forEach(function (each) {
      each.open = true;
      unfolded.push(each);
    });
  });
  window.addEventListener("afterprint", function () {
    unfolded.splice(0).forEach(function (each) { each.open = false; });
  });
  // A link to a line's entries opens what hides them.
  var open = function () {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    for (var each = target; each; each = each.parentElement) {
      if (each.tagName === "DETAILS") { each.open = true; }
    }
    if (target) { target.scrollIntoView(); }
  };
  window.addEventListener("hashchange", open);
  open();
})();
