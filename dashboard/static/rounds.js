// "Note where I am": the telephone is asked once, when it is ticked; unticked, nothing is sent.
const GIVE_UP_MS = 15000;

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !("where" in box.dataset)) return;
  const form = box.form;
  const fill = (lat, lon, accuracy) => {
    form.elements.lat.value = lat;
    form.elements.lon.value = lon;
    form.elements.accuracy.value = accuracy;
  };
  fill("", "", "");
  if (!box.checked) return;
  const refuse = () => {
    box.checked = false;
    box.disabled = true;
  };
  if (!navigator.geolocation) return refuse();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => fill(coords.latitude, coords.longitude, coords.accuracy),
    refuse,
    { enableHighAccuracy: true, timeout: GIVE_UP_MS },
  );
});
