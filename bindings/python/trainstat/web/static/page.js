// Shows times in the visitor's zone, and brings <main id="live"> up to date without reloading the page. What is unchanged stays
// the same element, so that open details, the focus and a selection survive.
"use strict";

const REFRESH = 2000; // ms

const live = document.getElementById("live");
const freshness = () => document.getElementById("freshness"); // null where nothing will change
let isPaused = false;
let next; // the timer of the next refresh

function localTime(date) {
  const two = (number) => String(number).padStart(2, "0");
  return (
    [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-") +
    " " + [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")
  );
}

function showLocalTimes(root) {
  for (const time of root.querySelectorAll("time")) time.textContent = localTime(new Date(time.dateTime));
  const zone = root.querySelector("#zone");
  if (zone !== null) zone.textContent = "your time zone, " + Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Without scripts there is nothing to be paused. */
function showPause(root) {
  const button = root.querySelector("#pause");
  if (button === null) return;
  button.hidden = false;
  button.setAttribute("aria-pressed", isPaused);
}

/** Makes a node equal to another of its kind; children with an id are found again wherever they stand. */
function update(node, wanted) {
  if (node.isEqualNode(wanted)) return;
  if (node.nodeType !== Node.ELEMENT_NODE) {
    node.nodeValue = wanted.nodeValue;
    return;
  }
  for (const { name, value } of wanted.attributes) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
  for (const { name } of [...node.attributes]) {
    const isVisitors = name === "open" && node.nodeName === "DETAILS";
    if (!wanted.hasAttribute(name) && !isVisitors) node.removeAttribute(name);
  }
  let place = node.firstChild;
  for (const child of [...wanted.childNodes]) {
    const known = child.id && [...node.children].find((other) => other.id === child.id);
    if (known && known !== place) node.insertBefore(known, place);
    const found = known || place;
    if (found && found.nodeName === child.nodeName && (found.id || "") === (child.id || "")) {
      update(found, child);
      place = found.nextSibling;
    } else {
      node.insertBefore(child, place);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

async function refresh() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(10 * REFRESH) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const wanted = page.getElementById("live");
    if (isPaused) return;
    if (answer.redirected) {
      location.reload(); // signed out
      return;
    }
    if (wanted === null) throw new Error("no page");
    showLocalTimes(wanted);
    showPause(wanted);
    update(live, wanted);
    document.title = page.title;
  } catch {
    if (isPaused || freshness() === null) return;
    freshness().textContent = "The service cannot be reached; trying again.";
  }
  schedule();
}

function schedule() {
  clearTimeout(next);
  if (freshness() !== null && !isPaused) next = setTimeout(whenSeen, REFRESH);
}

function whenSeen() {
  if (document.hidden) document.addEventListener("visibilitychange", whenSeen, { once: true });
  else refresh();
}

function pauseOrGoOn() {
  isPaused = !isPaused;
  showPause(live);
  freshness().textContent = isPaused ? "This page stays as it is." : "This page refreshes by itself.";
  schedule();
}

live.addEventListener("click", (event) => {
  if (event.target.id === "pause") pauseOrGoOn();
});
showLocalTimes(live);
showPause(live);
schedule();
