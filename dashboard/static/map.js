// The area from its own boundaries, without tiles; a mark only where something is open.
import { onMap } from "./datum.js";
import { inOrder } from "./live.js";
import { shape, SPRITE } from "./shape.js";
import { word } from "./words.js";

const PEOPLE_MS = 5000;
const lies = (area, key) => area === key || area.startsWith(`${key}.`);

/** Draws the map and the list of towns with something open. */
export class AreaMap {
  #map = null;
  #towns = [];
  #markers = new Map();
  #datum = "";
  #walkers = new Map();
  #rows = [];
  #onChoose;

  constructor(onChoose) {
    this.#onChoose = onChoose;
  }

  static isHere() {
    return document.getElementById("map") !== null && typeof L !== "undefined";
  }

  async start() {
    const box = document.getElementById("map");
    try {
      const answer = await fetch("/api/areas.geojson");
      const areas = await answer.json();
      this.#draw(box, areas.features);
      setInterval(() => this.#people(this.#rows).catch(() => {}), PEOPLE_MS);
    } catch {
      box.textContent = word("map_failed");
    }
  }

  /** Pictures below the boundaries, where the deployer has set some; without, nothing is asked of any other host. */
  #lay(box) {
    const { tiles, credit } = box.dataset;
    if (!tiles) return;
    box.classList.add("has-tiles");
    L.tileLayer(tiles, { maxZoom: 18 }).addTo(this.#map);
    const text = document.createElement("span");
    text.textContent = credit;
    if (credit) L.control.attribution({ prefix: false }).addAttribution(text.innerHTML).addTo(this.#map);
  }

  #at(lat, lon) {
    return onMap([lat, lon], this.#datum);
  }

  #shape(feature, options) {
    const coordsToLatLng = ([lon, lat]) => L.latLng(this.#at(lat, lon));
    return L.geoJSON(feature, { ...options, coordsToLatLng });
  }

  #draw(box, features) {
    this.#datum = box.dataset.datum ?? "";
    const towns = features.filter((feature) => feature.properties.level === "town");
    const isOneTown = towns.length < 2;
    const shown = isOneTown ? features.filter((feature) => !towns.includes(feature)) : towns;
    this.#map = L.map(box, { attributionControl: false, zoomControl: false, zoomSnap: 0.25, keyboard: false });
    this.#lay(box);
    L.control.zoom({ zoomInTitle: word("zoom_in"), zoomOutTitle: word("zoom_out") }).addTo(this.#map);
    const villages = features.filter((feature) => feature.properties.level === "village" && !isOneTown);
    this.#towns = shown.map((feature) => {
      const layer = this.#shape(feature, { style: { className: "map-area" } }).addTo(this.#map);
      layer.bindTooltip(document.createTextNode(feature.properties.name), {
        permanent: true,
        direction: "center",
        className: "map-label",
        interactive: false,
      });
      return { key: feature.properties.key, name: feature.properties.name, layer };
    });
    this.#shape({ type: "FeatureCollection", features: villages }, {
      style: { className: "map-village" },
      interactive: false,
    }).addTo(this.#map);
    const everything = L.featureGroup(this.#towns.map((town) => town.layer));
    const fit = () => {
      if (!box.clientHeight || !box.clientWidth) return; // not shown: nothing fits into it, and it is fitted once it is
      this.#map.invalidateSize();
      if (this.#towns.length) this.#map.fitBounds(everything.getBounds(), { padding: [10, 10] });
    };
    if (this.#towns.length) this.#map.setView(everything.getBounds().getCenter(), 10);
    fit();
    new ResizeObserver(fit).observe(box);
  }

  /** Marks for these rows; the chosen one is ringed. */
  update(rows, chosen = "") {
    if (!this.#map) return;
    this.#rows = rows;
    const open = inOrder(rows).reverse();
    for (const [incident, marker] of this.#markers) {
      if (!open.some((row) => row.incident === incident)) {
        marker.remove();
        this.#markers.delete(incident);
      }
    }
    for (const row of open) if (row.lat !== null) this.#mark(row, row.incident === chosen);
    this.#list(rows);
  }

  #mark(row, isChosen) {
    const name = ["map-dot", row.group === "progress" ? "is-progress" : "", isChosen ? "is-chosen" : ""].join(" ");
    const icon = L.divIcon({ className: name, html: shape(row), iconSize: [26, 26] });
    const before = this.#markers.get(row.incident);
    const marker = before ?? L.marker(this.#at(row.lat, row.lon), { keyboard: false });
    marker.setIcon(icon).setZIndexOffset((5 - row.priority) * 1000);
    marker.unbindTooltip().bindTooltip(document.createTextNode(`${row.kind_word} ${row.who}`));
    if (!before) {
      marker.on("click", () => this.#onChoose(row.incident)).addTo(this.#map);
      this.#markers.set(row.incident, marker);
    }
  }

  /** Who is on the way and shares where they are; asked for only while somebody is sent. */
  async #people(rows) {
    if (!rows.some((row) => row.responder_name) && !this.#walkers.size) return;
    const answer = await fetch("/api/whereabouts", { headers: { Accept: "application/json" } });
    const { people } = answer.ok ? await answer.json() : { people: [] };
    for (const [incident, marker] of this.#walkers) {
      if (people.some((it) => it.incident === incident)) continue;
      marker.remove();
      this.#walkers.delete(incident);
    }
    for (const it of people) {
      const html = `<svg class="icon" aria-hidden="true"><use href="${SPRITE}#person"/></svg>`;
      const icon = L.divIcon({ className: "map-person", html, iconSize: [24, 24] });
      const marker = this.#walkers.get(it.incident) ?? L.marker([0, 0], { icon, keyboard: false, zIndexOffset: 6000 });
      marker.setLatLng(this.#at(it.lat, it.lon)).unbindTooltip();
      marker.bindTooltip(document.createTextNode(it.who)).addTo(this.#map);
      this.#walkers.set(it.incident, marker);
    }
  }

  /** All towns in a fixed order, so that the eye learns where each stands. */
  #list(rows) {
    const list = document.getElementById("towns");
    list?.replaceChildren(
      ...this.#towns.map((town) => this.#line(town, inOrder(rows.filter((row) => lies(row.area, town.key))))),
    );
  }

  #line(town, rows) {
    const button = document.createElement("button");
    button.type = "button";
    button.classList.toggle("is-quiet", rows.length === 0);
    const gap = document.createElement("span");
    gap.className = "no-shape";
    const count = document.createElement("span");
    count.className = "town-count";
    count.textContent = rows.length ? word("open_here", { n: rows.length }) : "–";
    button.append(rows.length ? shape(rows[0]) : gap, town.name, count);
    button.addEventListener("click", () => this.#map.fitBounds(town.layer.getBounds(), { maxZoom: 13 }));
    const li = document.createElement("li");
    li.append(button);
    return li;
  }
}
