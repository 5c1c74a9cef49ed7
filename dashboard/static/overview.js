// The supervisor's map, live.
import { Live } from "./live.js";
import { AreaMap } from "./map.js";

if (AreaMap.isHere()) {
  const live = new Live();
  const map = new AreaMap((incident) => location.assign(`/incidents/${incident}`));
  const update = () => map.update([...live.rows.values()]);
  live.addEventListener("change", update);
  live.start();
  map.start().then(update);
}
