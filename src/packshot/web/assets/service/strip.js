// The photos as a row of small pictures, each with its state.

const part = (id) => document.getElementById(id);
const WORDS = { waiting: "waits", sending: "is being cut out", failed: "failed, try again" };

export function drawStrip(photos, current, { open }) {
  const items = photos.map((photo) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = photo.status;
    if (photo === current) button.setAttribute("aria-current", "true");
    const confirmed = photo.status === "ready" && photo.now.listing.confirmed;
    if (confirmed) button.classList.add("confirmed");
    button.setAttribute("aria-label", `${photo.name}, ${WORDS[photo.status] ?? (confirmed ? "confirmed" : "ready")}`);
    if (photo.thumb) button.append(Object.assign(document.createElement("img"), { src: photo.thumb, alt: "" }));
    button.addEventListener("click", () => open(photo));
    return button;
  });
  const more = Object.assign(document.createElement("button"), { type: "button", textContent: "+ Add", className: "more" });
  more.addEventListener("click", () => part("files").click());
  const focused = [...part("strip").children].findIndex((item) => item.contains(document.activeElement));
  part("strip").replaceChildren(
    ...[...items, more].map((button) => {
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
  if (focused >= 0) part("strip").children[focused]?.firstChild.focus(); // it was drawn anew under the focus
}
