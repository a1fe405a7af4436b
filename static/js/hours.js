// One day's hours copied to others on the spot; without scripts the same button asks the server.

const part = (day, name) => document.querySelector(`[form=settings][name="${day}_${name}"]`);

document.querySelector("[data-copy-day]")?.addEventListener("click", (event) => {
  event.preventDefault();
  const source = document.getElementById("copy_from").value;
  for (const day of document.getElementById("copy_to").value.split(",")) {
    for (const name of ["closed", "from1", "until1", "from2", "until2"]) {
      const from = part(source, name), to = part(day, name);
      if (name === "closed") to.checked = from.checked;
      else to.value = from.value;
      if (name === "until2" && to.value) to.closest("details").open = true;
      to.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
});
