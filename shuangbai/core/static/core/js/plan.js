// Drags a family to another place or day of the week's plan. It only fills in the number and the day that stand
// beside each family: these can be typed as well, and they alone are sent.

let dragged = null;

function renumber(list) {
  [...list.querySelectorAll("[data-plan-stop]")].forEach((stop, index) => {
    const order = stop.querySelector("[data-plan-order]");
    const day = stop.querySelector("[data-plan-day]");
    order.value = String(index + 1);
    // What stands in the list is meant as it stands: no number was typed over another.
    stop.querySelector("input[name$='-was']").value = order.value;
    if (day.value !== list.dataset.planList) day.value = list.dataset.planList;
  });
}

function changed(list) {
  renumber(list);
  list.dispatchEvent(new Event("change", { bubbles: true })); // the guard against leaving learns of it
}

// The stop before which the pointer is, or none at the end of the list.
function after(list, y) {
  return [...list.querySelectorAll("[data-plan-stop]")].find((stop) => {
    if (stop === dragged) return false;
    const box = stop.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
}

document.querySelectorAll("[data-plan] [data-plan-stop]").forEach((stop) => { stop.draggable = true; });

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-plan-stop]") ?? null;
  if (!dragged) return;
  dragged.classList.add("stop-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", ""); // Firefox drags nothing without; no name leaves the page
});

document.addEventListener("dragover", (event) => {
  const day = dragged && event.target.closest?.(".plan-day");
  const list = day?.querySelector("[data-plan-list]");
  if (!list) return;
  event.preventDefault();
  list.insertBefore(dragged, after(list, event.clientY) ?? null);
});

document.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });

document.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("stop-dragged");
  dragged = null;
  document.querySelectorAll("[data-plan-list]").forEach(changed);
});
