// One sheet after another with the keyboard: a number key picks the answer of that number, Enter goes on to the
// next question, and on the last one sends the sheet. Without this the same form is filled in by tapping.

const TYPED = "textarea, select, input:not([type=radio]):not([type=checkbox])";

function questions(form) {
  return [...form.querySelectorAll("[data-question]")];
}

function control(question) {
  return question.querySelector("input:checked, input, textarea");
}

function answered(question) {
  const typed = question.querySelector(TYPED);
  return typed ? typed.value !== "" : question.querySelector("input:checked") !== null;
}

function current(form, target) {
  return target.closest("[data-question]") ?? questions(form).find((one) => !answered(one));
}

function after(form, question) {
  const all = questions(form);
  return all[all.indexOf(question) + 1];
}

function goOn(form, question) {
  const next = after(form, question);
  if (next) {
    control(next).focus();
    next.scrollIntoView({ block: "nearest" });
  } else {
    const reason = form.querySelector("[name=reason]");
    if (reason && reason.value === "") reason.focus();
    else form.querySelector("button:not([type=button])").click();
  }
}

function pick(form, question, digit) {
  const options = [...question.querySelectorAll("input[type=radio], input[type=checkbox]")];
  const option = options[(digit + 9) % 10];
  if (!option) return;
  option.click();
  option.focus();
  if (option.type === "radio" && after(form, question)) goOn(form, question);  // nothing is sent by a slip
}

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-sheet]") ?? (event.target === document.body && document.querySelector("[data-sheet]"));
  if (!form || event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const question = current(form, event.target);
  const typing = event.target.matches(TYPED);
  if (/^\d$/.test(event.key) && question && !typing) {
    event.preventDefault();
    pick(form, question, Number(event.key));
  } else if (event.key === "Enter" && !event.shiftKey && event.target.closest("[data-question]")) {
    event.preventDefault();
    goOn(form, question);
  }
});

// The next sheet begins at its first question: what stays from the one before is filled in.
document.querySelectorAll("[data-sheet=next]").forEach((form) => {
  const first = questions(form)[0];
  if (first) control(first).focus();
});
